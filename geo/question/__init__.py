"""What a person asks, as one value; its written forms are in `codec`, `address` and `recipe`."""

from geo.question.recipe import Recipe
from geo.question.types import (
    Areas,
    BeforeAfter,
    Change,
    Clusters,
    Concentration,
    Coverage,
    Density,
    Emerging,
    Festivals,
    HotSpots,
    Models,
    NearRepeat,
    OfYear,
    Overview,
    Question,
    Rates,
    Report,
    Results,
    Returns,
    SafeUnits,
    Scan,
    Situation,
    Targets,
    altered,
    pinned,
)  # fmt: skip

__all__ = [
    "Areas", "BeforeAfter", "Change", "Clusters", "Concentration", "Coverage", "Density", "Emerging", "Festivals",
    "HotSpots", "Models", "NearRepeat", "OfYear", "Overview", "Question", "Rates", "Recipe", "Report", "Results",
    "Returns", "SafeUnits", "Scan", "Situation", "Targets", "altered", "pinned",
]  # fmt: skip
