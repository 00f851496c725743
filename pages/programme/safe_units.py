"""Chương trình > Đơn vị an toàn."""

from geo.ui import of_year

of_year.page("safe_units")
