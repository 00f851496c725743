"""Chương trình > Kết quả 2013–2023."""

from geo.ui import programme

programme.results_page()
