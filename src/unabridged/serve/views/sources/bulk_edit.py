"""Edits of several feeds at a time: the choices of the form, and results in words. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from unabridged.archive.records.core import FeedStatus
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views.formatting import counted

INTERVALS = (900, 1800, 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
"""Times between polls that are offered, in seconds."""

STATUSES: Mapping[str, FeedStatus] = {"pause": "paused", "resume": "active"}
FULL_TEXT: Mapping[str, bool] = {"full-on": True, "full-off": False}
LEARNED = "learned"
EVERY = "every-"
"""Start of an action that sets an interval: followed by seconds, or LEARNED."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditChoice:
    """An action of the form."""

    value: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditGroup:
    """Actions under one heading; "" for none."""

    title: str
    choices: tuple[EditChoice, ...]


def every_name(seconds: int) -> str:
    """Return an interval in words: "every 15 minutes", "every hour", "every 3 hours", "every day"."""
    if seconds % 86_400 == 0:
        return counted("every day", "every {n} days", seconds // 86_400)
    if seconds % 3600 == 0:
        return counted("every hour", "every {n} hours", seconds // 3600)
    return counted("every minute", "every {n} minutes", max(1, round(seconds / 60)))


def edit_groups(*, is_admin: bool) -> tuple[EditGroup, ...]:
    """Return the actions that a person may choose. is_admin: also those that hold for everybody."""
    own = (("move", gettext("Move to the folder")), ("read", gettext("Mark as read")))
    groups = [EditGroup(title="", choices=_choices(own))]
    if is_admin:
        polled = [("pause", gettext("Pause")), ("resume", gettext("Resume"))]
        polled += [(EVERY + LEARNED, gettext("Ask as often as learned"))]
        ask = gettext("Ask {every}")
        polled += [(f"{EVERY}{one}", ask.format(every=every_name(one))) for one in INTERVALS]
        texts = [("full-on", gettext("Read whole articles"))]
        texts += [("full-off", gettext("Keep the feed’s own text"))]
        groups.append(EditGroup(title=gettext("For everybody: polls"), choices=_choices(polled)))
        groups.append(EditGroup(title=gettext("For everybody: texts"), choices=_choices(texts)))
    groups.append(EditGroup(title=" ", choices=_choices((("remove", gettext("Remove")),))))
    return tuple(groups)


def _choices(pairs: Iterable[tuple[str, str]]) -> tuple[EditChoice, ...]:
    return tuple(EditChoice(value=value, name=name) for value, name in pairs)


def edit_result(action: str, count: int) -> str:
    """Say what an edit did with `count` feeds; "" for an unknown action."""
    feeds = counted("{n} feed", "{n} feeds", count)
    if action.startswith(EVERY):
        return gettext("{feeds}: the time between polls is set.").format(feeds=feeds)
    known = {
        "move": gettext("{feeds} moved."),
        "read": gettext("{feeds}: all articles are marked as read."),
        "pause": gettext("{feeds} paused."),
        "resume": gettext("{feeds} resumed."),
        "full-on": gettext("{feeds}: whole articles are read from their pages."),
        "full-off": gettext("{feeds}: the feed’s own text is kept."),
        "remove": gettext("{feeds} removed. The articles stay in the archive."),
        "restore": gettext("{feeds} restored."),
        "none": gettext("No feed was chosen, so nothing was changed."),
    }
    return known[action].format(feeds=feeds) if action in known else ""


def result_address(back: str, action: str, count: int) -> str:
    """Return the address of the list with the result of an edit in its query."""
    parts = urlsplit(back)
    kept = [one for one in parts.query.split("&") if one and not one.startswith(("edited=", "count="))]
    query = "&".join([*kept, f"edited={action}", f"count={count}"])
    return urlunsplit(("", "", parts.path, query, ""))
