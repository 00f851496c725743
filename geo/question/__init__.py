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
    HotSpots,
    NearRepeat,
    Overview,
    Question,
    Rates,
    Results,
    Scan,
    Situation,
    altered,
    pinned,
)  # fmt: skip

__all__ = [
    "Areas", "BeforeAfter", "Change", "Clusters", "Concentration", "Coverage", "Density", "Emerging", "HotSpots",
    "NearRepeat",
    "Overview", "Question", "Rates", "Recipe", "Results", "Scan", "Situation", "altered", "pinned",
]  # fmt: skip
