"""Names of areas: known words pass, persons do not, and of the rest somebody is asked."""

import pytest

from geo.personal.zone_names import NameOf, name_of, without_person
from geo.text import fold
from geo.units.boundaries import default_units, legacy_units

AREAS = ["Khu Một", "Vùng minh hoạ A", "Khu công nghiệp minh họa 3", "KCN Bình Hòa", "Chợ Vàm", "Núi Cấm", "Khu nhà ở Mỹ Hòa",
         "Bến xe Long Xuyên", "Tuyến biên giới Tịnh Biên - Tri Tôn", "Ấp Vĩnh Phú, xã Vĩnh Hậu", "Nhà máy xi măng",
         "Nhà ở xã hội", "khu cong nghiep so 2", "Zone A", "Cô Tô", "Chợ nổi 7", "Chợ số 2", "Trường tiểu học số 12", "Khu vực Nhà Bàng", "Thánh thất Cao Đài Châu Đốc"]  # fmt: skip
ASKED = ["Trường THPT Thoại Ngọc Hầu", "Đường Nguyễn Trãi", "Trường tiểu học Lê Văn Tám", "Cầu Ông Chưởng", "Khu Tèo",
         "Chùa Bà Tám", "Sòng Tèo", "ngã ba anh Tám"]  # fmt: skip
PERSONS = ["Nhà ông Nguyễn Văn Tèo", "Sòng của Bạch Văn Tèo", "Sòng Bạch Văn Tèo", "nhà bà Tư", "Quán cô Ba", "hộ Nguyễn Tèo",
           "Khu vực nhà Tám Tàng", "Nguyễn Văn Tèo", "nguyễn văn tèo", "NHÀ ÔNG TÈO", "Tụ điểm đá gà của Sáu Lù",
           "khu nhà trọ anh Hai", "CCCD 089203001230", "Khu 0912345678", "Điểm Trần Thị Bích", "Trường Nguyễn Văn Tèo 19801",
           "Khu 12/05/1988", "Hồ Văn Long", "Cao Thị Hương", "Cao Văn Trung", "Hà Văn Hải", "Nhà Hồ Văn Long",
           "Tụ điểm Hồ Văn Long", "Karaoke Hồ Thị Hương", "ấp 3 nhà số 45", "số 12 đường số 4", "Nhà số 12 tổ 4", "nhà 45",
           "Sầm Văn Long", "Tô Kim Long", "Khu Lâm Hoàng Sơn", "Khu anh Long"]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "told"),
    [*((n, NameOf.AREA) for n in AREAS), *((n, NameOf.UNKNOWN) for n in ASKED), *((n, NameOf.PERSON) for n in PERSONS)],
)
def test_what_the_name_of_an_area_names(name, told):
    assert name_of(name) is told


@pytest.mark.parametrize("units", [default_units(), legacy_units()], ids=["present", "former"])
def test_every_commune_with_its_kind_is_an_area(units):
    places = frozenset(fold(name) for name in units["name"])
    named = [f"Khu vực {kind} {name}" for kind, name in zip(units["kind"], units["name"])]
    assert not [name for name in named if name_of(name, places) is not NameOf.AREA]


def test_places_of_another_province_are_told_by_its_layer():
    assert name_of("Chợ Trần Đề") is NameOf.UNKNOWN
    assert name_of("Chợ Trần Đề", {"tran de", "xa tran de"}) is NameOf.AREA


def test_zones_of_the_demo_ask_nobody(demo_store):
    assert {name_of(name) for name in demo_store.snapshot().zones["name"]} == {NameOf.AREA}


def test_an_area_that_is_a_person_is_called_by_its_kind():
    assert without_person("Nhà ông Tèo", "Địa bàn 4") == "Địa bàn 4"
    assert without_person("Trường Nguyễn Trãi", "Địa bàn 4") == "Trường Nguyễn Trãi"
