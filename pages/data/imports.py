"""Dữ liệu > Nhập dữ liệu."""

from geo.ui import imports, session

imports.page()
session.keep()
