"""The few values an office sets: province, marking, store, masking. Read once from `settings.toml` and environment."""

from __future__ import annotations

import csv
import os
import re
import tomllib
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from platformdirs import user_data_path

from geo.errors import InputError
from geo.text import Lang

PACKAGE = Path(__file__).resolve().parent
_CARRIED = PACKAGE / "_app"
_IS_INSTALLED = _CARRIED.is_dir()

ROOT = _CARRIED if _IS_INSTALLED else PACKAGE.parent
"""Where `app.py`, `.streamlit`, `pages` and `data` lie: in the checkout, or in the package that a wheel installed."""

REFERENCE = ROOT / "data" / "reference"

HOME = user_data_path("antt", appauthor=False) if _IS_INSTALLED else ROOT / "var"
"""Where the application writes unless told otherwise; never among installed files, which an update replaces."""


_LONGEST_DAYS = 36_500

LEAST_MIN_COUNT = 4
"""With a smaller one a hidden count would have fewer than three candidates from the start."""


@dataclass(frozen=True)
class Settings:
    """What differs from office to office.

    Attributes
    ----------
    province : str
        Two-digit code of the province shown.
    marking : str
        Classification mark printed on every screen and export; empty for none.
    organisation : str
        Who issues the maps; printed as the source.
    min_count : int
        Counts of tip-offs from 1 to `min_count` - 1 are masked.
    retention_days : int
        Days after which the rows of a batch that was taken back are erased for good; 0 keeps them.
    lang : {"vi", "en"}
        Language of a first visit.
    home : Path
        Folder of everything the application writes: the store and boundary files.
    store_url : str
        SQLAlchemy URL of the store; empty means a SQLite file in `home`.
    """

    province: str = "91"
    marking: str = "LƯU HÀNH NỘI BỘ"
    organisation: str = "Công an tỉnh"
    min_count: int = 5
    retention_days: int = 0
    lang: Lang = "vi"
    home: Path = HOME
    store_url: str = ""

    @property
    def url(self) -> str:
        """URL of the store, the default resolved."""
        return self.store_url or sqlite_url(self.home / "antt.sqlite")


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file, whatever its path is called; only what would end the path in a URL is written anew."""
    return f"sqlite:///{path}".replace("%", "%25").replace("?", "%3F")


@lru_cache(maxsize=1)
def load() -> Settings:
    """Settings from `settings.toml`, then `ANTT_*` variables.

    The file lies at `ANTT_SETTINGS`; else in the checkout, or in the home folder where a wheel is installed.

    Raises
    ------
    InputError
        If the file is not TOML, names an unknown setting, or a value has the wrong type.
    """
    path = _file()
    given: dict[str, object] = {}
    if path.is_file():
        try:
            given = tomllib.loads(path.read_text("utf-8-sig"))  # Notepad puts a mark before it
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError("core.settings_not_toml", path=path, detail=error) from error
    known = {f.name for f in fields(Settings)}
    for name in known:
        if (value := os.environ.get(f"ANTT_{name.upper()}")) is not None:
            given[name] = value
    if unknown := sorted(set(given) - known):
        raise InputError("core.settings_unknown", names=", ".join(unknown), path=path)
    return _typed(given)


def _file() -> Path:
    if named := os.environ.get("ANTT_SETTINGS"):
        if not Path(named).is_file():
            raise InputError("core.settings_missing", path=named)
        return Path(named)
    folder = _folder(os.environ.get("ANTT_HOME", HOME)) if _IS_INSTALLED else ROOT
    return folder / "settings.toml"


def _typed(given: dict[str, object]) -> Settings:
    values: dict[str, object] = dict(given)
    for name in ("min_count", "retention_days"):
        if name in values:
            values[name] = _whole(name, values[name])
    if "home" in values:
        if not isinstance(values["home"], str | Path):
            raise InputError("core.settings_text", name="home", given=values["home"])
        values["home"] = _folder(values["home"])
    if values.get("lang", "vi") not in ("vi", "en"):
        raise InputError("core.settings_value", detail=f"lang = {values['lang']!r}")
    if not LEAST_MIN_COUNT <= int(str(values.get("min_count", 5))) <= 100:
        raise InputError("core.settings_min_count", least=LEAST_MIN_COUNT, given=values["min_count"])
    if not 0 <= int(str(values.get("retention_days", 0))) <= _LONGEST_DAYS:
        raise InputError("core.settings_retention", most=_LONGEST_DAYS, given=values["retention_days"])
    for name in ("province", "marking", "organisation", "store_url"):
        if not isinstance(values.get(name, ""), str):
            raise InputError("core.settings_text", name=name, given=values[name])
    if not re.fullmatch("[0-9]{2}", str(values.get("province", "91"))):
        raise InputError("core.settings_province", given=values["province"])
    if (province := values.get("province", "91")) not in (known := _provinces()):
        raise InputError("core.settings_no_province", given=province, known=", ".join(known))
    return Settings(**values)  # type: ignore[arg-type]


def _provinces() -> list[str]:
    """Codes of the country's provinces."""
    with (REFERENCE / "code_runs.csv").open(encoding="utf-8", newline="") as file:
        return sorted({row["province"] for row in csv.DictReader(file)})


def _whole(name: str, given: object) -> int:
    """A whole number, as TOML or a variable has it."""
    if not re.fullmatch("[0-9]{1,6}", str(given)):
        raise InputError("core.settings_whole", name=name, given=given)
    return int(str(given))


def _folder(given: object) -> Path:
    """A folder by its path, `~` for one's own."""
    if not str(given).strip():
        raise InputError("core.settings_home")
    try:
        return Path(str(given)).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:  # nobody's home, no path
        raise InputError("core.settings_no_folder", given=given) from error
