"""The Streamlit edge: state in the address bar, widgets, the map component, and page layout."""
