"""What a child process of the poller does: pages, feeds and lists in, articles or failures out."""

import traceback
from dataclasses import dataclass
from datetime import datetime

from unabridged.children import run_child
from unabridged.errors import ExtractError, NotAFeed
from unabridged.extract.article import Part, article_from_entry, extract_part
from unabridged.extract.pages import Done, Fetch, next_step
from unabridged.extract.siterules import SiteRules
from unabridged.feeds.from_page import feed_from_page
from unabridged.model import Article, Entry, Feed


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """A page to be made an article, or the first part of one."""

    html: bytes
    url: str
    content_type: str | None
    entry: Entry | None
    now: datetime
    rules: SiteRules | None = None

    def run(self) -> Part:
        return extract_part(
            self.html,
            url=self.url,
            content_type=self.content_type,
            entry=self.entry,
            rules=self.rules,
            now=self.now,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinTask:
    """The pages of one article read so far, to be joined or gone on with."""

    parts: tuple[Part, ...]
    failed: frozenset[str]

    def run(self) -> Fetch | Done:
        return next_step(self.parts, self.failed)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntriesTask:
    """A feed whose entries are to be made articles of the feed's own text."""

    feed: Feed

    def run(self) -> tuple[Article, ...]:
        return tuple(article_from_entry(entry, self.feed) for entry in self.feed.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTask:
    """A page without a feed, whose list of articles is to be read as one."""

    html: bytes
    url: str
    now: datetime

    def run(self) -> Feed | None:
        try:
            return feed_from_page(self.html, self.url, now=self.now)
        except NotAFeed:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An error on its way through the pipe."""

    kind: type[ExtractError]
    message: str


Task = PageTask | JoinTask | EntriesTask | ListTask
Made = Part | Fetch | Done | tuple[Article, ...] | Feed | None
Reply = Made | Failure


def answer(task: Task) -> Reply:
    """Do a task; whatever goes wrong is an answer too."""
    try:
        return task.run()
    except ExtractError as exc:
        return Failure(kind=type(exc), message=str(exc))
    except MemoryError:
        return Failure(kind=ExtractError, message=f"{subject_of(task)} took more memory than allowed.")
    except Exception as exc:  # noqa: BLE001 - a fault of ours ends on the article's record
        traceback.print_exc()
        words = f"{type(exc).__name__}: {str(exc)[:200]}"
        return Failure(kind=ExtractError, message=f"No article could be made of {subject_of(task)}: {words}.")


def subject_of(task: Task) -> str:
    """Return the address that a task is about."""
    if isinstance(task, JoinTask):
        return task.parts[0].article.url
    return task.feed.url if isinstance(task, EntriesTask) else task.url


def main() -> None:
    """Run as a child process of `Extractor`."""
    run_child(answer)
