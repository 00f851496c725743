import pytest

from geo import settings
from geo.errors import InputError, StoreError
from geo.store import open_store


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, tmp_path):
    monkeypatch.setenv("ANTT_SETTINGS", str(tmp_path / "settings.toml"))
    (tmp_path / "settings.toml").touch()
    monkeypatch.delenv("ANTT_HOME", raising=False)
    settings.load.cache_clear()
    yield
    settings.load.cache_clear()


def test_where_a_file_says_nothing_the_defaults_hold():
    loaded = settings.load()
    assert (loaded.province, loaded.min_count, loaded.lang) == ("91", 5, "vi")
    assert loaded.url.startswith("sqlite:///")


def test_the_environment_overrules_the_file(tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text('marking = "MẬT"\nmin_count = 7\n', "utf-8")
    monkeypatch.setenv("ANTT_MIN_COUNT", "9")
    assert (settings.load().marking, settings.load().min_count) == ("MẬT", 9)


@pytest.mark.parametrize(
    "text",
    [
        "marking = ",
        'colour = "red"',
        "min_count = 1",
        "min_count = 3",
        'min_count = "many"',
        'lang = "fr"',
        "marking = 7",
        "organisation = true",
        'province = "zz"',
        'province = "../../x"',
        "province = 91",
        'home = ""',
        "home = 5",
        'home = "~nobodyhasthisname/x"',
        'home = "a\\u0000b"',
        'province = "٩١"',
        'province = "99"',
        'province = "00"',
        "min_count = true",
        "min_count = 5.0",
        "retention_days = 2026-01-01",
        "store_url = 1",
    ],
)
def test_a_bad_file_is_refused_with_a_message_in_both_languages(tmp_path, text):
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        settings.load()
    assert caught.value.message("vi") != caught.value.message("en")


def test_a_file_that_notepad_wrote_is_read(tmp_path):
    (tmp_path / "settings.toml").write_text('marking = "MẬT"\n', "utf-8-sig")
    assert settings.load().marking == "MẬT"


@pytest.mark.parametrize("url", ["mysql://x/y", "oracle://x/y", "zzz", "nosuch+thing://x"])
def test_of_a_database_that_cannot_be_used_it_is_said_why(url):
    with pytest.raises(StoreError) as caught:
        open_store(url)
    assert any(words in caught.value.message("vi") for words in ("trình điều khiển", "không phải địa chỉ"))
    assert "ModuleNotFound" not in caught.value.message("vi")


def test_a_named_file_that_is_missing_is_refused(tmp_path):
    (tmp_path / "settings.toml").unlink()
    with pytest.raises(InputError) as caught:
        settings.load()
    assert caught.value.key == "core.settings_missing"
