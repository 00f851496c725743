"""Dữ liệu > Chất lượng dữ liệu."""

from geo.ui import beginning, quality, session

beginning.require_records()
quality.page()
session.keep()
