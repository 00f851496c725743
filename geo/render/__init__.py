"""Renderers of a `MapSpec`: screen, paper, slides, page. They calculate nothing about the data."""
