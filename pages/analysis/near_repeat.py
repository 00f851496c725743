"""Phân tích > Lặp lại gần."""

from geo.ui import analysis

analysis.near_repeat_page()
