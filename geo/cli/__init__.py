"""The command line. Each command is a thin call of the function that the pages use.

Exit codes: 0 done; 1 unexpected error; 2 bad input (a file, value or name that is not usable); 3 the store cannot be
opened, read or written. With `--json`, standard output holds exactly one JSON object; progress goes to standard error.
"""

from geo.cli import boundaries, data, files, imports, maps, purge, serve
from geo.cli.runner import app

__all__ = ["app", "boundaries", "data", "files", "imports", "main", "maps", "purge", "serve"]


def main() -> None:
    """The console script `antt`."""
    app(prog_name="antt")
