"""Advice for people at the reader: in words, without a command line. Pure."""

import re
from collections.abc import Mapping

from unabridged.archive.records.core import Failure
from unabridged.poll.failures import advice_for
from unabridged.poll.reports import PollReport
from unabridged.serve.languages.messages import gettext, later, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting

_ADVICE: Mapping[str, str] = {
    # feeds that fail, by kind of failure
    "host-not-found": later(
        "The site may have moved. Look for it in a browser, then change the feed’s address in its settings."
    ),
    "timeout": later("Wait: it is tried again. If this lasts, the site is too slow for this program."),
    "refused": later(
        "This address is in a private network. This program asks there only if its configuration allows it."
    ),
    "too-large": later(
        "The document is larger than this program reads. Look on the site for a shorter feed."
    ),
    "robots": later("The site asks programs to stay away from this page. Open it in a browser."),
    "status": later(
        "Open the address in a browser. If the site asks for a login, enter it in the feed’s settings. "
        "If the feed moved, change its address there."
    ),
    "page-status": later(
        "Open one of its articles in a browser. If the site asks for a login, enter it in the "
        "settings of its feed."
    ),
    "not-a-feed": later(
        "The address leads to something else now. Look on the site for its feed, then change the "
        "address in the settings."
    ),
    "list-vanished": later(
        "Open the page in a browser. If it still lists articles, copy one of their headlines into the feed’s "
        "settings."
    ),
    # findings about feeds, by kind
    "gone": later(
        "Look on the site for a new feed and change the address in the settings, or remove this one. Its "
        "articles stay."
    ),
    "paused": later("Resume it to be up to date again."),
    "silent": later(
        "Look whether the site goes on elsewhere. If it ended, remove the feed. Its articles stay."
    ),
    "shrunk": later("Open a few of its articles: the site may have changed its pages, or ask for a login."),
    "login": later("The login is not sent to the new address. Enter it again in the settings."),
    "same": later("Merge the two: titles, folders, marks and articles stay. Or remove one of them."),
    "moved": later("Nothing to do: the new address is used."),
    "mended": later("Nothing to do: it is read all the same."),
    "quarantined": later("Nothing to do: the next document is tried again."),
    "hub": later("Nothing to do: it is polled as before."),
    "not-polling": later("Start the program that keeps the archive up to date."),
}
"""Kind of a failure or finding -> what a person can do, where the stored advice names a command."""


_CLAUSE = re.compile(r"(?<=[.;:])\s+")


def _names_command(text: str) -> bool:
    return "`" in text or "[fetch]" in text


def plain_advice(kind: str, advice: str) -> str:
    """Return advice for a kind of problem. advice: as stored, used where it names no command or setting."""
    known = advice or advice_for(kind)
    if known and not _names_command(known):
        return reported(known)
    return gettext(_ADVICE.get(kind, ""))


def failure_advice(failure: Failure) -> str:
    """Return what a person can do about a failure."""
    return plain_advice(failure.kind, failure.advice)


def plain_message(message: str) -> str:
    """Return a message without the clauses that name a command or a setting."""
    if not _names_command(message):
        return reported(message)
    kept = [clause for clause in _CLAUSE.split(message) if not _names_command(clause)]
    return reported(f"{' '.join(kept).rstrip('.;:')}.")


def result_in_words(report: PollReport | None) -> str:
    """Say what came of reading a feed. report: None if it is being read by a worker already."""
    if report is None:
        return gettext("The feed is being read at this moment. Reload the page in a minute.")
    if report.kind == "unchanged":
        return gettext("The feed was read. There is nothing new.")
    if report.kind == "postponed":
        return gettext("The site asked for a pause, so it was not asked now.")
    if report.failure is not None:
        return sentences(gettext("The feed could not be read."), plain_message(report.failure.message))
    moved = gettext("It moved to {address}.").format(address=report.moved_to) if report.moved_to else ""
    if not report.new:
        return sentences(gettext("The feed was read. There is nothing new."), moved)
    count = len(report.new)
    read = formatting.counted(
        "The feed was read: {n} new article.", "The feed was read: {n} new articles.", count
    )
    return sentences(read, moved)
