"""View-model of the work under way: polls, pages, new subscriptions, re-extractions. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from unabridged.archive.records.polling import FirstPolls, UnderWay
from unabridged.poll.pages.reextraction_jobs import ReextractionProgress
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views.formatting import counted


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
        said = what.format(done=number(done), total=number(first.together))
        lines.append(JobLine(what=said, done=done, total=first.together))
    if under_way.polled or under_way.due:
        polled = counted("{n} feed is being asked", "{n} feeds are being asked", under_way.polled)
        due = counted("{n} is due", "{n} are due", under_way.due)
        lines.append(JobLine(what=gettext("{polled}, {due}.").format(polled=polled, due=due)))
    if under_way.pages:
        pages = counted("{n} page waits or is read.", "{n} pages wait or are read.", under_way.pages)
        lines.append(JobLine(what=pages))
    if under_way.pictures:
        pictures = counted("{n} picture is due.", "{n} pictures are due.", under_way.pictures)
        lines.append(JobLine(what=pictures))
    return tuple(lines)


def reextraction_line(progress: ReextractionProgress, title: str) -> JobLine:
    """Build the line of a re-extraction that runs."""
    saved = counted("{n} new version", "{n} new versions", progress.saved)
    what = gettext("{title}: stored pages are read again, {read} of {total}; {saved}.").format(
        title=title, read=number(progress.read), total=number(progress.total), saved=saved
    )
    return JobLine(what=what, done=progress.read, total=progress.total)
