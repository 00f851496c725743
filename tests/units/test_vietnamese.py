"""Old encodings, checked against the C library's TCVN table and by going there and back."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.units.boundaries import default_units, legacy_units
from geo.units.fonts import from_fonts
from geo.units.vietnamese import decode_text, detect_encoding, known_encoding
from tests.ingest import files

NAMES = [*default_units().name, *legacy_units().name]
TCVN3_BYTES = {decode_text(bytes([b]), "tcvn3"): b for b in range(255, 0, -1)}


def to_tcvn3(text: str) -> bytes:
    return bytes(TCVN3_BYTES[char] for char in unicodedata.normalize("NFC", text))


def to_cp1258(text: str) -> bytes:
    """Letters with their own marks in one byte, the tone behind: how Windows writes it."""
    out = []
    for char in unicodedata.normalize("NFC", text):
        decomposed = unicodedata.normalize("NFD", char)
        tones = [c for c in decomposed if c in "\u0300\u0301\u0303\u0309\u0323"]
        rest = "".join(c for c in decomposed if c not in tones)
        out.append(unicodedata.normalize("NFC", rest) + "".join(tones))
    return "".join(out).encode("cp1258")


def to_vni(text: str) -> bytes:
    return files.vni(unicodedata.normalize("NFC", text)).encode("cp1252")


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"Ph\xad\xeang B\xd7nh \xa7\xf8c", "Phường Bình Đức"),
        (b"X\xb7 M\xfc Ho\xb5 H\xadng", "Xã Mỹ Hoà Hưng"),
        (b"\xae\xc6c khu Th\xe6 Ch\xa9u", "đặc khu Thổ Châu"),
        (b"Nguy\xd4n Th\xde Y\xd5n", "Nguyễn Thị Yến"),
    ],
)
def test_tcvn3_reads_as_known_text(raw, text):
    assert decode_text(raw, "tcvn3") == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("Xaõ Ñònh Myõ", "Xã Định Mỹ"),
        ("Phöôøng Long Xuyeân", "Phường Long Xuyên"),
        ("ÑAËC KHU PHUÙ QUOÁC", "ĐẶC KHU PHÚ QUỐC"),
        ("Nguyeãn Thò Yeán, Thuûy, Kyø, Lyù, Tî", "Nguyễn Thị Yến, Thủy, Kỳ, Lý, Tỵ"),
        ("Baïc Lieâu, Caø Mau, Soùc Traêng", "Bạc Liêu, Cà Mau, Sóc Trăng"),
        ("ngöôøi cöùu tình nghóa, böôûi, tröïc, döõ", "người cứu tình nghĩa, bưởi, trực, dữ"),
        ("Taäp luyeän thaéng, taèm, thaúng, saün, maët, maãu, caåm", "Tập luyện thắng, tằm, thẳng, sẵn, mặt, mẫu, cẩm"),
    ],
)
def test_vni_reads_as_known_text(written, text):
    assert decode_text(written.encode("cp1252"), "vni") == text


def test_every_tcvn3_byte_is_a_different_letter():
    assert len({decode_text(bytes([b]), "tcvn3") for b in range(256)}) == 256


@given(
    st.lists(st.sampled_from(NAMES), min_size=15, max_size=40, unique=True),
    st.sampled_from(["tcvn3", "vni", "cp1258", "utf-8"]),
)
def test_the_encoding_of_a_list_of_names_is_recognised(names, encoding):
    write = {"tcvn3": to_tcvn3, "vni": to_vni, "cp1258": to_cp1258, "utf-8": str.encode}[encoding]
    values = [write(name) for name in names]
    assert [decode_text(v, detect_encoding(values)) for v in values] == names


@given(st.sampled_from(NAMES))
def test_text_comes_back_in_nfc(name):
    assert decode_text(to_cp1258(name), "cp1258") == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("TCVN3", "tcvn3"),
        ("ABC", "tcvn3"),
        ("VNI-Windows", "vni"),
        ("UTF-8", "utf-8"),
        ("65001", "utf-8"),
        ("1258", "cp1258"),
        ("ANSI 1258", "cp1258"),
        ("klingon", None),
    ],
)
def test_encodings_are_known_by_their_usual_names(written, known):
    assert known_encoding(written) == known


@given(st.lists(st.sampled_from(NAMES), min_size=20, max_size=40, unique=True), st.sampled_from([to_tcvn3, to_vni]))
def test_what_was_typed_in_a_font_is_read_where_the_file_is_unicode(names, write):
    typed = [write(name).decode("cp1252") for name in names]
    read = from_fonts([*typed, "D–1", "5 m²", "=A1", ""])
    assert [read.get(text, text) for text in typed] == names


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=40))
def test_unicode_stays_as_it_is(names):
    assert (
        from_fonts([*names, "Hoà Bình", "Phú Hòa", "Hoá An", "Thúy", "TOÀN TỈNH", "A – B", "«x»", "5 m²", "Café"]) == {}
    )


def test_in_a_sheet_with_both_what_is_spelt_well_stays():
    read = from_fonts(["Xã Định Mỹ", "Hoà Bình", "Phú Hòa", "Xaõ Ñònh Myõ", "Thò traán Cho Môùi"])
    assert read == {"Xaõ Ñònh Myõ": "Xã Định Mỹ", "Thò traán Cho Môùi": "Thị trấn Cho Mới"}
