"""Phân tích > Tỷ lệ đã làm mượt."""

from geo.ui import analysis

analysis.page("rates")
