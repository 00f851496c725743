"""Sản phẩm > Mở lại tệp, tập bản đồ."""

from geo.ui import beginning, reopen

beginning.require_records()
reopen.page()
