"""The command that starts the application."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from ipaddress import ip_address
from typing import Annotated

import typer

from geo import settings
from geo.cli.purge import erase_expired
from geo.cli.runner import Runner, app, command, said
from geo.errors import InputError, cause
from geo.settings import ROOT

Address = Annotated[str, typer.Option("--address", help=said("opt_address"))]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help=said("opt_port"))]


@command(app, "serve")
def serve(runner: Runner, address: Address = "127.0.0.1", port: Port = 8501) -> None:
    """Run the application until it is interrupted."""
    _refuse_taken(address, port)
    url = f"http://{address}:{port}"
    erased = erase_expired(runner.store())
    (settings.load().home / "mappings.json").unlink(missing_ok=True)  # headings as they were, of an earlier version
    lines = [runner.t("serving", url=url)]
    is_open = not _is_loopback(address)
    if is_open:
        lines.append(runner.t("serving_open", address=address))
    if erased:
        lines.append(runner.t("serving_erased", count=erased))
    runner.tell({"url": url, "open": is_open, "erased": erased}, *lines)
    sys.stdout.flush()
    # Streamlit's own settings lie beside app.py and so hold in any folder; -P keeps that folder's modules out, and
    # staying in it keeps relative paths in ANTT_… what they are for every other command.
    started = [sys.executable, "-P", "-m", "streamlit", "run", str(ROOT / "app.py")]
    code = _until_ended([*started, "--server.address", address, "--server.port", str(port)])
    if code not in (0, -signal.SIGTERM):
        raise typer.Exit(abs(code))


def _is_loopback(address: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


def _refuse_taken(address: str, port: int) -> None:
    """Say why the server could not listen there, which it would end with a traceback of its own."""
    try:
        family, kind, _, _, place = socket.getaddrinfo(address.strip() or "-", port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as tried:
            if os.name == "posix":  # elsewhere it would take a port from its owner
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind(place)
    except (OSError, ValueError) as error:
        raise InputError("cli.serve_refused", address=address or "–", port=port, detail=cause(error)) from error


def _until_ended(command: list[str]) -> int:
    """Exit code of the server, which ends when this process is told to: else it would outlive it and hold the port."""
    with subprocess.Popen(command) as server:
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        return server.wait()
