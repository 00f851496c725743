"""`python -m geo`, which is `antt`: everything an administrator or a scheduled job does without a browser."""

from geo.cli import app

if __name__ == "__main__":
    app(prog_name="python -m geo")
