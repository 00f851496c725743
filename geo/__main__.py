"""`python -m geo`, which is `antt`: everything an administrator or a scheduled job does without a browser."""

from geo.cli import main

if __name__ == "__main__":
    main("python -m geo")
