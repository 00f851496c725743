"""Analysis results to a `MapSpec`: wording, classes, symbols, legend, colophon and table, all decided here.

Pure: the same inputs give the same map, to the byte. Reading the data is the business of `geo.products`.
"""

from __future__ import annotations

from geo.cartography.spec import Layer, MapSpec
from geo.question import Situation
from geo.text import Lang, day, period, t
from geo.views import layers, units, wording
from geo.views.inputs import Cluster, ClusterResult, Draft, Installation, Numbers
from geo.views.wording import tone, verdict

__all__ = ["Cluster", "ClusterResult", "Installation", "Numbers", "situation_map", "tone", "verdict"]


def situation_map(question: Situation, s: Numbers, installation: Installation) -> MapSpec:
    """The map of one measure: graduated symbols for counts, fills for rates, a diverging fill for change."""
    draft = Draft(s, installation, question)
    ground, groups, classes = layers.fill(draft)
    symbols, events, clusters = layers.circles(draft), layers.points(draft), layers.outlines(draft)
    drawn: list[Layer] = [ground, *s.zones, *events, *symbols, *clusters]
    lang = installation.lang
    return MapSpec(
        lang=lang,
        title=wording.title(draft),
        sentence=wording.sentence(draft),
        period=period(draft.query.start, draft.query.end, lang),
        data_date=t("map.data_date", lang, date=day(installation.data_date, lang)),
        marking=installation.marking,
        demo_mark=installation.demo_mark,
        boundary=installation.boundary,
        frames=draft.frames,
        layers=tuple(drawn),
        legend=(*groups, *layers.other_groups(draft, symbols, events, clusters)),
        labels=layers.labels(draft),
        figures=s.figures,
        stamps=wording.stamps(draft, classes),
        table=units.table(draft),
        words=_words(lang),
        recipe=installation.recipe(question),
    )


def _words(lang: Lang) -> dict[str, str]:
    return {name: t(f"map.{name}", lang) for name in ("north", "legend", "failed", "fingerprint", "page", "rows")}
