"""Progress of long work on an archive, reported to a callback."""

from collections.abc import Callable

Watch = Callable[[str, int, int], None]
"""Called as work goes on with its subject, how much is done, and of how much."""


def unwatched(_what: str, _done: int, _total: int) -> None:
    """Report progress to nobody."""
