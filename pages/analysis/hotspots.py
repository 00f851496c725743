"""Phân tích > Điểm nóng."""

from geo.ui import analysis

analysis.page("hotspots")
