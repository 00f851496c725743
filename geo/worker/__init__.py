"""Work in a process of its own: with limits, with progress, and beside everybody else's.

Bytes from outside are read there, for what they make a library do cannot be known before; and what takes longer than a
moment is reckoned there, so that nobody else waits for it.
"""

from geo.worker.calls import Allowance, Stopped, Why, call, warm
from geo.worker.foreign import read_apart
from geo.worker.heavy import Ended, heavy, watching

__all__ = ["Allowance", "Ended", "Stopped", "Why", "call", "heavy", "read_apart", "warm", "watching"]
