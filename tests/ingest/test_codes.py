import pytest

from geo.errors import InputError
from geo.ingest.recognising.codes import FOLDER, code_list
from geo.schema import MONTHLY_MEASURES, CaseCategory, CaseStatus, GameType

LISTS = {"case_category": CaseCategory, "game_type": GameType, "case_status": CaseStatus, "measure": MONTHLY_MEASURES}


@pytest.mark.parametrize("name", LISTS)
def test_every_code_has_a_line_and_finds_itself_by_code_and_name(name):
    known = code_list(name)
    assert set(known.names) == set(map(str, LISTS[name]))
    for code, names in known.names.items():
        assert {known.code(text) for text in (code, *names, names[0].upper())} == {code}


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("case_category", "TROM CAP TAI SAN", "theft"), ("case_category", "Ma tuý", "drugs"), ("case_category", "ma túy.", "drugs"),
        ("game_type", "đá gà ăn tiền", "cockfight"), ("game_type", "Lô đề", "lottery"), ("case_status", "đã điều tra, làm rõ", "cleared"),
        ("measure", "buổi 19.2", "session_192"),
    ],
)  # fmt: skip
def test_synonyms_and_spellings(name, text, code):
    assert code_list(name).code(text) == code


def test_unknown_words_are_suggested_for_never_guessed():
    known = code_list("case_category")
    assert known.code("trộm cặp tài sản xe") is None
    assert known.suggestion("trom cap tai sn", "vi") == "Trộm cắp tài sản"
    assert known.suggestion("zzzz", "vi") == ""


def test_an_office_may_add_a_word(tmp_path):
    text = (FOLDER / "game_type.csv").read_text("utf-8")
    (tmp_path / "game_type.csv").write_text(text.replace("chọi gà", "chọi gà;gà nòi"), "utf-8-sig")
    assert code_list("game_type", tmp_path).code("Gà nòi") == "cockfight"


@pytest.mark.parametrize("change", [("cockfight,", "rooster,"), ("chọi gà", "số đề"), ("code,vi", "ma,ten")])
def test_a_list_that_was_broken_says_so(tmp_path, change):
    text = (FOLDER / "game_type.csv").read_text("utf-8")
    (tmp_path / "game_type.csv").write_text(text.replace(*change), "utf-8")
    with pytest.raises(InputError, match=r"game_type\.csv"):
        code_list("game_type", tmp_path)


def test_a_list_that_is_gone_says_so(tmp_path):
    with pytest.raises(InputError, match=r"measure\.csv"):
        code_list("measure", tmp_path)
