import pytest

from geo import settings
from geo.errors import InputError


@pytest.fixture(autouse=True)
def _fresh(monkeypatch, tmp_path):
    monkeypatch.setenv("ANTT_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.delenv("ANTT_HOME", raising=False)
    settings.load.cache_clear()
    yield
    settings.load.cache_clear()


def test_without_a_file_the_defaults_hold():
    loaded = settings.load()
    assert (loaded.province, loaded.min_count, loaded.lang) == ("91", 5, "vi")
    assert loaded.url.startswith("sqlite:///")


def test_the_environment_overrules_the_file(tmp_path, monkeypatch):
    (tmp_path / "settings.toml").write_text('marking = "MẬT"\nmin_count = 7\n', "utf-8")
    monkeypatch.setenv("ANTT_MIN_COUNT", "9")
    assert (settings.load().marking, settings.load().min_count) == ("MẬT", 9)


@pytest.mark.parametrize(
    "text", ["marking = ", 'colour = "red"', "min_count = 1", "min_count = 3", 'min_count = "many"', 'lang = "fr"']
)
def test_a_bad_file_is_refused_with_a_message_in_both_languages(tmp_path, text):
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        settings.load()
    assert caught.value.message("vi") != caught.value.message("en")
