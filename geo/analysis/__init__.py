"""Analyses as pure functions on arrays and frames. They know neither the store nor any map."""
