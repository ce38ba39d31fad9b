"""View-model of the work under way: polls, pages, new subscriptions, re-extractions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unabridged.archive.records.polling import FirstPolls, UnderWay
from unabridged.poll.pages.reextraction_jobs import ReextractionProgress
from unabridged.serve.languages.messages import gettext, ngettext


@dataclass(frozen=True, slots=True, kw_only=True)
class JobLine:
    """Work under way. done, total: for a bar; 0 for none."""

    what: str
    done: int = 0
    total: int = 0


def job_lines(
    under_way: UnderWay,
    first: FirstPolls,
    reextractions: Sequence[ReextractionProgress],
    titles: Mapping[int, str],
) -> tuple[JobLine, ...]:
    """Build the lines of the work under way.

    titles: of the viewer's feeds, by number; re-extractions of other feeds are left out.
    """
    lines = [reextraction_line(one, titles[one.feed_id]) for one in reextractions if one.feed_id in titles]
    if first.waiting:
        done = first.together - first.waiting
        what = gettext("New feeds: {done} of {total} read for the first time.")
        said = what.format(done=f"{done:,}", total=f"{first.together:,}")
        lines.append(JobLine(what=said, done=done, total=first.together))
    if under_way.polled or under_way.due:
        polled = ngettext("%(num)s feed is being asked", "%(num)s feeds are being asked", under_way.polled)
        due = ngettext("%(num)s is due", "%(num)s are due", under_way.due)
        lines.append(JobLine(what=f"{_counted(polled, under_way.polled)}, {_counted(due, under_way.due)}."))
    if under_way.pages:
        pages = ngettext("%(num)s page waits to be read.", "%(num)s pages wait to be read.", under_way.pages)
        lines.append(JobLine(what=_counted(pages, under_way.pages)))
    if under_way.pictures:
        some = ngettext("%(num)s picture is due.", "%(num)s pictures are due.", under_way.pictures)
        lines.append(JobLine(what=_counted(some, under_way.pictures)))
    return tuple(lines)


def reextraction_line(progress: ReextractionProgress, title: str) -> JobLine:
    """Build the line of a re-extraction that runs."""
    saved = ngettext("%(num)s new version", "%(num)s new versions", progress.saved)
    what = gettext("{title}: stored pages are read again, {read} of {total}; {saved}.").format(
        title=title,
        read=f"{progress.read:,}",
        total=f"{progress.total:,}",
        saved=_counted(saved, progress.saved),
    )
    return JobLine(what=what, done=progress.read, total=progress.total)


def _counted(text: str, number: int) -> str:
    return text % {"num": f"{number:,}"}
