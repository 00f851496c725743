"""Phân tích > Cụm vụ việc."""

from geo.ui import analysis

analysis.page("clusters")
