"""Chương trình > Lịch phong trào."""

from geo.ui import of_year

of_year.page("festivals")
