"""Phân tích > Trước và sau."""

from geo.ui import before_after

before_after.page()
