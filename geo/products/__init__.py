"""One function per map, table or card: joins the store, the analyses and the views.

Pages, the command line and scheduled jobs call these, so they show the same thing. Results are cached under the data
version and the question; a new batch or boundary layer makes a new version.
"""

from geo.products.cards import Overview, Trend, UnitCard, most_changed, overview, trend, unit_card
from geo.products.context import context, data_date, has_former_units, units
from geo.products.counts import Counts, counts, published, whole_months
from geo.products.figures import HEADLINES, figure
from geo.products.files import export, export_all
from geo.products.maps import situation
from geo.products.search import Hit, search

__all__ = [
    "HEADLINES", "Counts", "Hit", "Overview", "Trend", "UnitCard", "context", "counts", "data_date", "export",
    "export_all", "figure", "has_former_units", "most_changed", "overview", "published", "search", "situation", "trend",
    "unit_card", "units", "whole_months",
]  # fmt: skip
