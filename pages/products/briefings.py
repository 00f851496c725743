"""Sản phẩm > Bản tin."""

from geo.ui import briefings, session

session.require_data()
briefings.page()
