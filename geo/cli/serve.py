"""The command that starts the application."""

from __future__ import annotations

import subprocess
import sys
from typing import Annotated

import typer

from geo.cli.desk import Desk, app, command, said
from geo.settings import ROOT

Address = Annotated[str, typer.Option("--address", help=said("opt_address"))]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help=said("opt_port"))]


@command(app, "serve")
def serve(desk: Desk, address: Address = "127.0.0.1", port: Port = 8501) -> None:
    """Run the application until it is interrupted."""
    url = f"http://{address}:{port}"
    desk.tell({"url": url}, desk.t("serving", url=url))
    sys.stdout.flush()
    started = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    code = subprocess.call([*started, "--server.address", address, "--server.port", str(port)], cwd=ROOT)
    if code:
        raise typer.Exit(code)
