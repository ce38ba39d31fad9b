"""Child process of the extractor: pages, feeds and lists in, articles or failures out."""

import traceback
from contextlib import suppress
from functools import lru_cache

from unabridged.errors import ExtractError, FeedError, HeadlineNotFound, ListVanished, NotAFeed
from unabridged.extraction.article import article_from_entry, extract_part
from unabridged.extraction.html.dom import decode
from unabridged.extraction.html.sanitizer import sanitise
from unabridged.extraction.multipage.join import next_step
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.choose import extract_known, try_profile
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.outcome import KnownPart, Observation, Trial
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.extraction.sites.samples import sample_page
from unabridged.extraction.sites.written import from_json, to_json
from unabridged.feeds.lists.profile import ListReading
from unabridged.model import Feed
from unabridged.poll.extractor.tasks import (
    EntriesTask,
    Failure,
    JoinTask,
    KnownTask,
    LearnTask,
    ListTask,
    Reply,
    Result,
    SanitiseTask,
    SelectTask,
    Task,
    TrialTask,
    subject_of,
)
from unabridged.processes.child import run_child


def answer(task: Task) -> Reply:
    """Do a task; return a Failure for any error."""
    try:
        return _do(task)
    except (ExtractError, HeadlineNotFound, ListVanished) as exc:
        return Failure(kind=type(exc), message=str(exc))
    except MemoryError:
        return Failure(kind=ExtractError, message=f"{subject_of(task)} took more memory than allowed.")
    except Exception as exc:  # noqa: BLE001 - our own bug is stored on the article's record
        traceback.print_exc()
        words = f"{type(exc).__name__}: {str(exc)[:200]}"
        return Failure(
            kind=ExtractError, message=f"No article could be extracted from {subject_of(task)}: {words}."
        )


def _do(task: Task) -> Result:
    match task:
        case ExtractRequest():
            return extract_part(task)
        case JoinTask():
            return next_step(task.parts, task.failed)
        case EntriesTask():
            return tuple(article_from_entry(entry, task.feed) for entry in task.feed.entries)
        case ListTask():
            return _list(task)
        case KnownTask():
            return _known(task)
        case TrialTask():
            return _try(task)
        case LearnTask():
            return _learn(task)
        case SelectTask():
            return _select(task)
        case SanitiseTask():
            return sanitise(decode(task.html, content_type=task.content_type)[0])


def _known(task: KnownTask) -> KnownPart:
    profile = _profile(task.profile)
    if profile is None:
        return KnownPart(part=extract_part(task.request), seen=Observation())
    return extract_known(task.request, profile, compare=task.compare)


def _try(task: TrialTask) -> Trial:
    profile = _profile(task.profile)
    if profile is None:
        raise ExtractError("This profile was learnt by another version of the program: learn the site again.")
    return try_profile(task.request, profile)


@lru_cache(maxsize=100)
def _profile(text: str) -> SiteProfile | None:
    return from_json(text)


def _learn(task: LearnTask) -> str:
    """Return the profile of a site as text, "" if nothing was learnt."""
    samples = []
    for page in task.pages:
        with suppress(ExtractError):
            samples.append(sample_page(page.html, page.url, content_type=page.content_type, now=task.now))
    profile = learn(task.site, samples)
    return to_json(profile) if profile is not None else ""


def _list(task: ListTask) -> ListReading | None:
    from unabridged.feeds.lists.read import read_list

    try:
        return read_list(task.html, task.url, task.state, now=task.now)
    except NotAFeed:
        return None


def _select(task: SelectTask) -> Feed:
    from unabridged.feeds.discovery.selected_items import feed_from_selectors

    try:
        return feed_from_selectors(task.html, task.url, task.selectors, now=task.now)
    except FeedError as exc:
        raise ExtractError(str(exc)) from exc


def main() -> None:
    """Run as a child process of `Extractor`."""
    run_child(answer)
