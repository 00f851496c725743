"""Bản đồ ANTT as an ASGI application: `streamlit run app.py` serves the pages and the files a browser needs."""

import streamlit as st

from geo.settings import PACKAGE
from geo.ui.guard import tell
from geo.ui.routes import routes
from geo.worker import warm

warm()
app = st.App(PACKAGE / "ui" / "main.py", routes=routes(), on_script_error=tell)
