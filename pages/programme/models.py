"""Chương trình > Mô hình tự quản."""

from geo.ui import of_year

of_year.page("models")
