"""Dữ liệu > Chất lượng dữ liệu."""

from geo.ui import quality, session

session.require_data()
quality.page()
session.keep()
