"""The golden set: every product of one map as a picture, and the pictures it is held against.

`python -m tests.golden` (or `make golden`) draws the pictures anew; look at them before they are kept.
"""
