"""Chương trình > Mục tiêu 2023–2033."""

from geo.ui import of_year

of_year.page("targets")
