"""Child process of the feed reader: bytes of feeds in, feeds or failures out."""

import traceback

from unabridged.errors import FeedError, FeedKilledReader
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.feeds.reader.tasks import Failure, Task
from unabridged.model import Feed
from unabridged.processes.child import run_child


def answer(task: Task) -> Feed | Failure:
    """Read a feed; whatever goes wrong is an answer too."""
    try:
        return parse_feed(task.data, url=task.url, content_type=task.content_type, now=task.now)
    except FeedError as exc:
        return Failure(kind=type(exc), message=str(exc), facts=dict(vars(exc)))
    except MemoryError:
        return Failure(
            kind=FeedKilledReader, message=f"Reading {task.url} took more memory than allowed.", facts={}
        )
    except Exception as exc:  # noqa: BLE001 - a fault of ours ends on the feed's record, not in the poller
        traceback.print_exc()
        words = f"{type(exc).__name__}: {str(exc)[:200]}"
        return Failure(kind=FeedError, message=f"{task.url} cannot be read: {words}.", facts={})


def main() -> None:
    """Run as a child process of `FeedReader`."""
    run_child(answer)
