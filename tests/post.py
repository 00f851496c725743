"""A mail server on this machine that takes one visit and is gone."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

_SECONDS = 15.0


@dataclass
class Taken:
    """What the server was given, and how to reach it from the command line."""

    way: tuple[str, ...]
    receivers: list[str] = field(default_factory=list)
    content: bytes = b""


@contextmanager
def one_mail(answers: Mapping[str, str] | None = None) -> Iterator[Taken]:
    """A server for one visit; `answers` are those to commands that it does not take."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(_SECONDS)
        taken = Taken(("--smtp", f"127.0.0.1:{server.getsockname()[1]}", "--from", "a@b.example"))
        serving = threading.Thread(target=_serve, args=(server, taken, dict(answers or {})), daemon=True)
        serving.start()
        yield taken
        serving.join(_SECONDS)
        assert not serving.is_alive()


def _serve(server: socket.socket, taken: Taken, answers: dict[str, str]) -> None:
    visit, _ = server.accept()
    visit.settimeout(_SECONDS)
    with visit, visit.makefile("rwb") as line:

        def say(text: str) -> None:
            line.write(f"{text}\r\n".encode())
            line.flush()

        say("220 here")
        while command := line.readline().decode().strip():
            verb = command[:4].upper()
            if verb in answers:
                say(answers[verb])
            elif verb == "DATA":
                say("354 go on")
                taken.content = _content(iter(line.readline, b""))
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                if verb == "RCPT":
                    taken.receivers.append(command.partition("<")[2].rstrip(">"))
                say("250 fine")


def _content(lines: Iterator[bytes]) -> bytes:
    kept = []
    for line in lines:
        if line == b".\r\n":
            break
        kept.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(kept)
