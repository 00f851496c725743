"""Phân tích > Quét không gian."""

from geo.ui import analysis

analysis.page("scan")
