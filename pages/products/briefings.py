"""Sản phẩm > Bản tin."""

from geo.ui import beginning, briefings

beginning.require_records()
briefings.page()
