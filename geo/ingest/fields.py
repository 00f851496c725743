"""The fields of each dataset, and the words by which offices head their columns (folded: no diacritics, lower case)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from geo.schema import MONTHLY_MEASURES, Dataset, Measure
from geo.text import fold

__all__ = ["FIELDS", "MEASURE_WORDS", "PLACE_FIELDS", "VOCABULARY", "Field", "header_key"]


@dataclass(frozen=True)
class Field:
    """One thing a record says.

    Attributes
    ----------
    name : str
        Name in mappings; shown to a person by the message `ingest.field_<name>`.
    words : tuple of str
        Folded column headings that mean it, best first.
    required : bool
        A record without it is refused.
    """

    name: str
    words: tuple[str, ...]
    required: bool = False


def _words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";"))


_RECORD = Field("record_id", _words(
    "ma vu;ma vu viec;so vu;ma ho so;so ho so;ma so vu;ma so vu viec;ma tu diem;ma so;so hieu;ma;record_id;record id;case id;"
    "case no;case number;case_id;den id;id;recordid;caseid;so thu ly;ma dinh danh vu;ma vu an;so vu an;ma quan ly"))  # fmt: skip
_DATE = Field("date", _words(
    "ngay xay ra;ngay vu viec;ngay phat hien;ngay triet xoa;thoi gian xay ra;ngay thang nam xay ra;ngay xay ra vu viec;"
    "ngay;thoi gian;ngay thang;ngay thang nam;ngay xu ly;ngay bat;ngay ghi nhan;ngay gio;ngay, thang, nam;"
    "thoi gian phat hien;thoi gian triet xoa;date;event date;date of event;occurred;occurred on;occurred_at;date cleared;day"),
    required=True)  # fmt: skip
_UNIT = Field("unit", _words(
    "xa/phuong;xa, phuong;xa phuong;xa, phuong, thi tran;xa, phuong, dac khu;xa/phuong/thi tran;xa/phuong/dac khu;xa;phuong;don vi;"
    "ten don vi;ten xa;ten xa/phuong;ten xa phuong;xa (phuong);xa phuong thi tran;ma xa;ma xa/phuong;ma don vi;ma dvhc;"
    "don vi hanh chinh;cap xa;noi xay ra;dia ban;dia ban xa;xa xay ra;phuong xa;don vi bao cao;commune;ward;unit;unit_code;"
    "unit code;commune code;commune name;commune/ward;legacy_code;new_code;unit name;dia phuong;dia diem (xa);xaphuong"),
    required=True)  # fmt: skip
_DISTRICT = Field("district", _words(
    "huyen;quan/huyen;huyen, thi xa, thanh pho;huyen/thi xa/thanh pho;huyen/tx/tp;huyen, tx, tp;quan huyen;ten huyen;huyen/thanh pho;"
    "huyen cu;cap huyen;district;district name;huyen (cu)"))  # fmt: skip
_PROVINCE = Field("province", _words("tinh;tinh/thanh pho;ten tinh;tinh cu;tinh, thanh pho;province;province name"))
_SUSPECTS = Field("suspects", _words(
    "so doi tuong;doi tuong;so doi tuong lien quan;tong so doi tuong;so doi tuong bi bat;sl doi tuong;so luong doi tuong;"
    "suspects;number of suspects;suspect count;so nguoi bi bat;so bi can"))  # fmt: skip
_LON = Field(
    "lon", _words("kinh do;kinh do (do);longitude;lon;lng;long;kinhdo;lon (wgs 84);kinh do (wgs84);x (kinh do)")
)
_LAT = Field("lat", _words("vi do;vi do (do);latitude;lat;vido;lat (wgs 84);vi do (wgs84);y (vi do)"))
_X = Field("x", _words("x;toa do x;x (m);x(m);x vn2000;x vn-2000;x_vn2000;toa do x (m);toa do x (vn-2000);x (vn-2000);x (vn2000);easting;x_m;toa_do_x"))  # fmt: skip
_Y = Field("y", _words("y;toa do y;y (m);y(m);y vn2000;y vn-2000;y_vn2000;toa do y (m);toa do y (vn-2000);y (vn-2000);y (vn2000);northing;y_m;toa_do_y"))  # fmt: skip
_PLACE = Field("place", _words(
    "toa do;toa do gps;toa do (gps);vi tri gps;gps;vi do, kinh do;kinh do, vi do;coordinates;coordinate;latlon;lat, lon;lat/lon;"
    "toa do dia ly"))  # fmt: skip

PLACE_FIELDS = ("lon", "lat", "x", "y", "place")
"""Fields that say where; any pair of them, or `place` alone."""

_KIND_CASE = Field("kind", _words(
    "loai vu;loai vu viec;loai toi pham;toi danh;linh vuc;loai an;nhom toi;hanh vi;loai;phan loai;loai hinh;danh muc;nhom vu viec;"
    "kind;category;case type;type;offence;crime type;case category"), required=True)  # fmt: skip
_KIND_DEN = Field("kind", _words(
    "loai hinh co bac;hinh thuc danh bac;loai co bac;hinh thuc;loai hinh;loai tu diem;hinh thuc co bac;loai tro choi;tro choi;loai;"
    "phan loai;game;game type;kind;type;kieu danh bac"), required=True)  # fmt: skip
_STATUS = Field("status", _words(
    "trang thai;tinh trang;ket qua;ket qua dieu tra;ket qua xu ly;tien do;tinh trang xu ly;trang thai xu ly;status;case status"))  # fmt: skip
_MONTH = Field("month", _words(
    "thang;thang/nam;thang bao cao;ky bao cao;thang nam;ky;thoi gian thang;thang, nam;month;period;report month;reporting month;ngay;"
    "thoi gian;date"), required=True)  # fmt: skip
_YEAR = Field("year", _words("nam;nam bao cao;year;report year;nam so lieu"))
_MEASURE = Field("measure", _words(
    "chi tieu;noi dung chi tieu;ten chi tieu;chi so;ma chi tieu;noi dung;measure;indicator"), required=True)  # fmt: skip
_VALUE = Field("value", _words(
    "so luong;gia tri;so lieu;ket qua;ket qua thuc hien;thuc hien;sl;so luot;value;count;number;amount"), required=True)  # fmt: skip
_PEOPLE = Field("people", _words(
    "dan so;so dan;so nguoi;nhan khau;tong dan so;dan so (nguoi);so nhan khau;population;people;inhabitants"), required=True)  # fmt: skip

FIELDS: dict[Dataset, tuple[Field, ...]] = {
    Dataset.CASES: (_RECORD, _DATE, _UNIT, _DISTRICT, _PROVINCE, _KIND_CASE, _STATUS, _SUSPECTS, _LON, _LAT, _X, _Y, _PLACE),
    Dataset.DENS: (_RECORD, _DATE, _UNIT, _DISTRICT, _PROVINCE, _KIND_DEN, _LON, _LAT, _X, _Y, _PLACE),
    Dataset.MONTHLY: (_MONTH, _YEAR, _UNIT, _DISTRICT, _PROVINCE, _MEASURE, _VALUE),
    Dataset.POPULATION: (_UNIT, _DISTRICT, _PROVINCE, Field("year", _YEAR.words, required=True), _PEOPLE),
}  # fmt: skip
"""What each dataset that comes in as a table can say."""

MEASURE_WORDS: dict[Measure, tuple[str, ...]] = {
    Measure.TIP: _words(
        "tin to giac;tong so tin;so tin to giac;tin bao to giac;tin to giac toi pham;so tin;tin bao;so tin tiep nhan;tip;tips;tip-offs;"
        "tin tiep nhan;tong so tin to giac;tin to giac tong so;tin to giac tong;so tin to giac toi pham"),
    Measure.USEFUL_TIP: _words(
        "tin co gia tri;so tin co gia tri;tin to giac co gia tri;trong do tin co gia tri;trong do co gia tri;useful_tip;useful tip;useful tips;"
        "useful tip-offs;tin gia tri;co gia tri"),
    Measure.SESSION: _words(
        "buoi tuyen truyen;so buoi tuyen truyen;so buoi;buoi;so cuoc tuyen truyen;cuoc tuyen truyen;session;sessions;tuyen truyen so buoi;"
        "tuyen truyen (buoi);outreach sessions"),
    Measure.ATTENDANCE: _words(
        "luot nguoi tham du;luot nguoi;so luot nguoi;so luot nguoi tham du;luot nguoi du;so nguoi tham du;attendance;attendances;"
        "tuyen truyen luot nguoi;luot tham du"),
    Measure.LETTER: _words(
        "thu keu goi;so thu keu goi;thu keu goi to giac toi pham;thu;so thu;thu keu goi da phat;letter;letters;appeal letters"),
    Measure.LEAFLET: _words(
        "to buom;so to buom;to buom tuyen truyen;to roi;so to roi;to buom da phat;leaflet;leaflets;to roi tuyen truyen"),
    Measure.SESSION_192: _words(
        "buoi chi tieu 19.2;buoi tuyen truyen chi tieu 19.2;so buoi chi tieu 19.2;chi tieu 19.2 so buoi;buoi 19.2;session_192;sessions 19.2;"
        "chi tieu 19.2 buoi;buoi tuyen truyen 19.2"),
    Measure.ATTENDANCE_192: _words(
        "luot nguoi chi tieu 19.2;so luot nguoi chi tieu 19.2;chi tieu 19.2 luot nguoi;luot nguoi 19.2;attendance_192;attendances 19.2;"
        "luot nguoi, chi tieu 19.2"),
    Measure.SAFE_UNIT: _words(
        "don vi an toan;don vi an toan ve antt;so don vi an toan;don vi dat an toan ve antt;safe_unit;safe units;don vi an toan ve an ninh trat tu;"
        "co so an toan ve antt"),
    Measure.COMMUNITY_MODEL: _words(
        "mo hinh tu quan;so mo hinh;mo hinh;mo hinh tu quan moi;so mo hinh tu quan;community_model;community models"),
}  # fmt: skip
"""Headings of a wide monthly table, which has one column per measure."""

assert set(MEASURE_WORDS) == MONTHLY_MEASURES


def header_key(text: str) -> str:
    """A heading as it is compared: folded, single spaces, no closing marks or asterisk of a required column."""
    return re.sub(r"\s*([/,(])\s*", r"\1", re.sub(r"[\s*:.]+$", "", fold(text).replace("_", " "))).strip()


VOCABULARY = frozenset(
    fold(word)
    for words in (*(f.words for fields in FIELDS.values() for f in fields), *MEASURE_WORDS.values())
    for word in words
)
"""Every heading known, to find the header of a sheet by."""
