"""Chương trình > Phủ tuyên truyền."""

from geo.ui import programme

programme.coverage_page()
