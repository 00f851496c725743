"""The presenter of a briefing."""

from geo.ui import presenter, session

session.require_data()
presenter.page()
