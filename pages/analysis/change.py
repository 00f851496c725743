"""Phân tích > Biến động."""

from geo.ui import change

change.page()
