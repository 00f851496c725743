"""Names of persons, told by how they are built, and names of places, which are built alike."""

from __future__ import annotations

import re
from functools import cache

import pandas as pd

from geo.settings import REFERENCE
from geo.text import fold

__all__ = ["FAMILY_NAMES", "MIDDLE", "OF_REPORTS", "OF_REPORTS_UNMARKED", "PLACE_WORDS", "is_name", "place_names"]

_WORD = re.compile(r"[^\W\d_]+")
_FAMILY_NAMES = (
    "nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly danh thach son kim chau neang trinh dinh "
    "mai truong lam to cao doan ha luong ta thai quach tang tu chung luu phung van thi trieu vuong nghiem khuu lu "
    "ong au hua giang kien diep mac ma tieu la sam kpa ksor siu rmah vang sung thao hwing mlo eban"
)
FAMILY_NAMES = frozenset(_FAMILY_NAMES.split())
"""Without their marks."""

MIDDLE = ("văn", "thị")
"""Middle names so common that what stands before one is a family name, known or not."""

PLACE_WORDS = frozenset(
    [
        "trường",
        "đường",
        "khu",
        "vùng",
        "cụm",
        "chợ",
        "ấp",
        "khóm",
        "xã",
        "phường",
        "chùa",
        "nhà",
        "bến",
        "cầu",
        "kênh",
        "rạch",
    ]
)
"""First words of names of places; two of them are family names without their marks."""


OF_REPORTS = frozenset(
    [
        *("án", "báo", "bảng", "bản", "bạc", "cáo", "cấp", "chứng", "cuối", "đầu", "điểm", "đơn", "đợt", "gửi", "hình"),
        *(
            "kê",
            "khai",
            "kỳ",
            "loại",
            "lượt",
            "mã",
            "mẫu",
            "ngày",
            "nghiệp",
            "phòng",
            "quản",
            "quý",
            "sách",
            "số",
            "sơ",
        ),
        *("sự", "tháng", "tiêu", "tin", "tố", "tổ", "tội", "tổng", "trấn", "tuần", "túy", "vụ", "việc", "xã"),
    ]
)
"""Words of reports that no name of a person has, as they are written."""

OF_REPORTS_UNMARKED = frozenset(map(fold, OF_REPORTS))
"""The same without their marks."""

_UNMARKED = OF_REPORTS_UNMARKED | {"dvhc", "muc"}


def is_name(cell: str) -> bool:
    """Two to five capitalised words, the first a family name, and not the name of a commune or district."""
    words = _WORD.findall(cell)
    if not 2 <= len(words) <= 5 or any(c.isdigit() for c in cell) or not all(word[0].isupper() for word in words):
        return False
    plain = [word.casefold() for word in words]
    if plain[0] in PLACE_WORDS or OF_REPORTS.intersection(plain) or fold(cell) in place_names():
        return False
    if plain[1] not in ("van", "thi") and fold(cell) == cell.casefold() and _UNMARKED.intersection(plain[1:]):
        return False  # without marks a name is told from words of reports by its middle name alone
    return fold(words[0]) in FAMILY_NAMES or (len(words) > 2 and plain[1] in MIDDLE)


@cache
def place_names() -> frozenset[str]:
    """Folded names of communes and districts, with and without their kind."""
    legacy = pd.read_csv(REFERENCE / "legacy_units.csv", dtype=str)
    names = {*legacy["name"], *(f"{kind} {name}" for kind, name in zip(legacy["kind"], legacy["name"]))}
    names |= {*legacy["district"], *(d.split(" ", 1)[1] for d in legacy["district"] if " " in d), *legacy["province"]}
    names |= {d.removeprefix("Thành phố ").removeprefix("Thị xã ") for d in legacy["district"]}
    return frozenset(fold(name) for name in names)
