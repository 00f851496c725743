"""Phân tích > Tập trung."""

from geo.ui import analysis

analysis.page("concentration")
