"""Chương trình > Tái hòa nhập."""

from geo.ui import of_year

of_year.page("returns")
