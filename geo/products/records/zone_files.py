"""All priority areas as one file, to keep, to open in a GIS, or to change there and bring in again."""

from __future__ import annotations

from datetime import date

from geo import settings
from geo.export.areas import KINDS_OF_FILE, areas_file
from geo.store import Snapshot
from geo.text import Lang, day, number, t

__all__ = ["KINDS_OF_FILE", "zones_file"]


def zones_file(snapshot: Snapshot, kind: str, lang: Lang) -> bytes:
    """Every area that was not divided, those that ended too; the same bytes for the same areas on the same day.

    An import takes the file as it is: what was not changed stays untouched, the rest changes by its key.

    Parameters
    ----------
    snapshot : Snapshot
    kind : {"gpkg", "geojson"}
    lang : {"vi", "en"}
    """
    kept = snapshot.zones_kept
    kept = kept[~kept["divided"]].reset_index(drop=True)
    days = {name: kept[name].map(_iso) for name in ("since", "until")}
    columns = ["name", "kind", "since", "until", "source", "decision", "key", "geometry"]
    title = t("areas.file_title", lang, n=number(len(kept), lang))
    return areas_file(kept.assign(**days)[columns], kind, title, _about(snapshot, title, lang))


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else ""


def _about(snapshot: Snapshot, title: str, lang: Lang) -> list[tuple[str, str]]:
    """What the file is, as every export says it."""
    marks = [settings.load().marking, t("map.demo_mark", lang) if snapshot.is_demo else ""]
    version = snapshot.boundaries()
    lines = [
        (t("areas.about_title", lang), title),
        (t("areas.about_marks", lang), " · ".join(mark for mark in marks if mark)),
        (t("map.stamp_data", lang), day(snapshot.today, lang)),
        (t("areas.about_day", lang), day(snapshot.day, lang)),
        (
            t("map.stamp_boundary", lang),
            f"{version.name}" + (f" ({t('areas.approximate', lang)})" if version.approximate else ""),
        ),
        (t("areas.about_context", lang), t("ingest.help_zone_context", lang)),
    ]
    return [(caption, text) for caption, text in lines if text]
