"""What was computed, kept under a key until there is no room for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from inspect import signature
from threading import Lock
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar

__all__ = ["Memory", "remembered"]

T = TypeVar("T")
P = ParamSpec("P")


class _Turn:
    """A key that is being built, and how many want it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.wanted = 0


class Memory(Generic[T]):
    """Values by key, the least recently used given up first.

    Whoever asks for a value that is being built waits for that one; what is there already, or has another key, waits
    for nobody.

    Parameters
    ----------
    room : int
        How many values are kept.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._lock = Lock()
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._building: dict[Hashable, _Turn] = {}

    def get(self, key: Hashable, build: Callable[[], T]) -> T:
        """The value of `key`, built where it is not there yet; what `build` raises is kept by nobody."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            turn = self._building.setdefault(key, _Turn())
            turn.wanted += 1
        try:
            with turn.lock:
                with self._lock:
                    if key in self._values:
                        self._values.move_to_end(key)
                        return self._values[key]
                return self._kept(key, build())
        finally:
            with self._lock:
                turn.wanted -= 1
                if not turn.wanted:  # whoever comes while one waits takes the same turn
                    del self._building[key]

    def _kept(self, key: Hashable, value: T) -> T:
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._room:
                self._values.popitem(last=False)
        return value


class Remembering(Protocol):
    """What keeps results of functions with itself; a snapshot does."""

    def memory_of(self, function: Callable[..., Any], room: int, /) -> Memory[Any]:
        """Where results of a function are kept."""
        ...


S = TypeVar("S", bound=Remembering)


def remembered(room: int) -> Callable[[Callable[Concatenate[S, P], T]], Callable[Concatenate[S, P], T]]:
    """Keep what a function made of a snapshot inside that snapshot, and let it go with it.

    The key is the function with its other arguments: data version and reader are the snapshot's own.

    Parameters
    ----------
    room : int
        How many results of the function are kept.
    """

    def wrap(function: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
        takes = signature(function)

        @wraps(function)
        def call(snapshot: S, /, *args: P.args, **named: P.kwargs) -> T:
            held: Memory[Any] = snapshot.memory_of(function, room)
            bound = takes.bind(snapshot, *args, **named)
            bound.apply_defaults()  # one key however the call is written
            key = tuple(bound.arguments.values())[1:]
            value: T = held.get(key, lambda: function(snapshot, *args, **named))
            return value

        return call

    return wrap
