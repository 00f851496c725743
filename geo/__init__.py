"""Bản đồ ANTT: maps of the public-security situation of a Vietnamese province.

The package reads from the data inwards: `ingest` and `units` bring records and boundaries in, `store` keeps them,
`analysis` computes, `cartography` describes one map completely (`MapSpec`), `render` draws that description, and
`products` joins the parts into the maps, tables and cards that the pages and the command line ask for.
"""

__version__ = "0.2.0"
