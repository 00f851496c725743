"""The presenter of a briefing."""

from geo.ui import beginning, presenter

beginning.require_records()
presenter.page()
