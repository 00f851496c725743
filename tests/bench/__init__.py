"""Benchmarks of the screen and of the calculations behind it: `make bench`."""
