"""Phân tích > Mật độ."""

from geo.ui import analysis

analysis.page("density")
