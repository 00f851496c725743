"""Chương trình > Báo cáo kỳ."""

from geo.ui import report

report.page()
