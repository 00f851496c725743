"""Communes: their boundaries, their names, and how the old ones became the present ones."""
