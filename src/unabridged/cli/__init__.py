"""The command line: parses arguments, runs one command, prints its result."""

from unabridged.cli.app import main

__all__ = ["main"]
