"""The map of a province of which nothing is on record yet: its communes, and that there is nothing to show of them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from geo.cartography.spec import MapSpec, with_changes
from geo.products.situation.installation import installation
from geo.question import Situation
from geo.schema import Measure, Query
from geo.store import Snapshot
from geo.text import Lang, t
from geo.views import Numbers, situation_map


def blank_map(snapshot: Snapshot, lang: Lang) -> MapSpec:
    """The present communes without a figure.

    Raises
    ------
    NotFoundError
        If the store has no boundaries of them.
    """
    units = snapshot.units()
    nothing = pd.Series(np.nan, units.index)
    numbers = Numbers(
        units=units, counts=nothing, before=nothing, hidden=pd.Series(False, units.index), total=np.nan,
        total_before=np.nan, unattributed=0.0, z=nothing, z_total=np.nan,
    )  # fmt: skip
    today = date.today()
    question = Situation(
        query=Query(Measure.CASE, today, today), points="never", clusters=False, zones=(), lang=lang,
    )  # fmt: skip
    spec = situation_map(question, numbers, installation(snapshot, lang))
    title, sentence = t("map.blank_title", lang), t("map.blank_sentence", lang, n=len(units))
    return with_changes(
        spec, title=title, sentence=sentence, period="–", data_date=t("map.blank_date", lang), stamps=()
    )
