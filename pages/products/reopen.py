"""Sản phẩm > Mở lại tệp, tập bản đồ."""

from geo.ui import reopen, session

session.require_data()
reopen.page()
