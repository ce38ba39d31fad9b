"""Child process of the feed reader: bytes of feeds in, feeds or failures out."""

import traceback
from dataclasses import replace

from unabridged.errors import FeedError, FeedKilledReader
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.feeds.reader.tasks import Failure, Task
from unabridged.model import Entry, Feed
from unabridged.processes.child import run_child


def answer(task: Task) -> Feed | Failure:
    """Read a feed; whatever goes wrong is an answer too."""
    try:
        feed = parse_feed(
            task.data, url=task.url, content_type=task.content_type, now=task.now, max_bytes=task.max_bytes
        )
        return without_blank_entries(feed)
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


def without_blank_entries(feed: Feed) -> Feed:
    """Return the feed without items that have no title, text, address or file."""
    kept = tuple(entry for entry in feed.entries if not _is_blank(entry))
    left = len(feed.entries) - len(kept)
    return replace(feed, entries=kept, notes=(*feed.notes, f"{left} empty items left out")) if left else feed


def _is_blank(entry: Entry) -> bool:
    said = entry.title or entry.url or entry.content_html or entry.summary_html
    return not (said or entry.enclosures or entry.lead_image)


def main() -> None:
    """Run as a child process of `FeedReader`."""
    run_child(answer)
