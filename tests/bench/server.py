"""Streamlit servers for the length of a run, on free ports of this machine only."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from urllib.request import urlopen

from geo.settings import ROOT
from tests.bench import data

_START_LIMIT = 60


class Servers:
    """Servers by application and environment; all stop at the end of the `with` block."""

    def __init__(self) -> None:
        self._running: dict[tuple[Path, str], tuple[str, subprocess.Popen[bytes]]] = {}

    def __enter__(self) -> Servers:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        for _, process in self._running.values():
            process.terminate()
        for _, process in self._running.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()

    def start(self, app: Path, env: dict[str, str]) -> str:
        """The root address of a server that runs `app`; one that runs already is used again."""
        key = (app, repr(sorted(env.items())))
        if key not in self._running:
            self._running[key] = _start(app, env)
        return self._running[key][0]

    def pids(self) -> dict[str, int]:
        """Process numbers by application and environment, for a profiler."""
        return {f"{app.stem} {env}": process.pid for (app, env), (_, process) in self._running.items()}


def _start(app: Path, env: dict[str, str]) -> tuple[str, subprocess.Popen[bytes]]:
    port = _free_port()
    root = f"http://127.0.0.1:{port}"
    data.HOME.mkdir(parents=True, exist_ok=True)
    with (data.HOME / f"server-{app.stem}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(app), "--server.port", str(port)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **env},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    _wait(root, process)
    return root, process


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(root: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _START_LIMIT
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urlopen(f"{root}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise RuntimeError(f"no server at {root}")
