"""The floor: one filter and an empty component, nothing else."""

import streamlit as st

from tests.bench.apps import question

st.set_page_config(layout="wide")
question.kinds()
question.empty("empty")
