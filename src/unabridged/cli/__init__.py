"""The command line: arguments to one verb, and what it found to the terminal."""

from unabridged.cli.app import main

__all__ = ["main"]
