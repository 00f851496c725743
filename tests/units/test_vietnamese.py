"""Old encodings, checked against the C library's TCVN table and by going there and back."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.units.boundaries import default_units, legacy_units
from geo.units.vietnamese import decode_text, detect_encoding, known_encoding

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


def test_every_tcvn3_byte_is_a_different_letter():
    assert len({decode_text(bytes([b]), "tcvn3") for b in range(256)}) == 256


@given(st.lists(st.sampled_from(NAMES), min_size=5, max_size=40), st.sampled_from(["tcvn3", "cp1258", "utf-8"]))
def test_the_encoding_of_a_list_of_names_is_recognised(names, encoding):
    write = {"tcvn3": to_tcvn3, "cp1258": to_cp1258, "utf-8": str.encode}[encoding]
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
        ("UTF-8", "utf-8"),
        ("65001", "utf-8"),
        ("1258", "cp1258"),
        ("ANSI 1258", "cp1258"),
        ("klingon", None),
    ],
)
def test_encodings_are_known_by_their_usual_names(written, known):
    assert known_encoding(written) == known
