"""Dữ liệu > Lịch sử nhập."""

from geo.ui import imports, session

imports.history_page()
session.keep()
