"""Phân tích > Điểm nóng mới nổi."""

from geo.ui import analysis

analysis.page("emerging")
