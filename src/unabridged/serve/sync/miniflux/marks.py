"""Calls that mark entries: read, starred, all of a feed; the history that is flushed; saving elsewhere."""

from datetime import datetime

from starlette.responses import Response

from unabridged.archive.facade.library.library import Library
from unabridged.archive.records.items import SECOND, ItemEdit
from unabridged.serve.sync.miniflux.answers import NOT_FOUND, Refusal, accepted, no_content
from unabridged.serve.sync.miniflux.requests import Sent

STATUSES = {"read": True, "unread": False}
BAD_STATUS = 'invalid entry status, valid status values are: "read" and "unread"'
FLUSHED = "miniflux_flushed"
"""Preference: time up to which entries that were read are hidden from apps of this API."""


def now_stamp(sent: Sent) -> int:
    """Return the last moment of the present second: what comes after it is not marked."""
    return (int(sent.now.timestamp()) + 1) * SECOND - 1


def update_entries(sent: Sent) -> Response:
    """Mark entries read or unread, or star them, or both; unknown ones among known ones are skipped."""
    fields = sent.fields
    numbers, status, starred = fields.numbers("entry_ids"), fields.text("status"), fields.switch("starred")
    if not fields.given.get("entry_ids"):
        raise Refusal(400, "the list of entries cannot be empty")
    if (status is None and starred is None) or (status is not None and status not in STATUSES):
        raise Refusal(400, BAD_STATUS)
    change = ItemEdit(read=None if status is None else STATUSES[status], starred=starred)
    if not sent.library.items.edit(numbers, change, now=sent.now):
        raise Refusal(404, NOT_FOUND)
    return no_content()


def toggle_star(sent: Sent) -> Response:
    number = sent.numbers["entry"]
    found = sent.library.items.articles([number])
    if not found:
        raise Refusal(404, NOT_FOUND)
    sent.library.items.edit([number], ItemEdit(starred=not found[0].starred), now=sent.now)
    return no_content()


def save_entry(_sent: Sent) -> Response:
    """Refuse to send an entry to another service: there are none here."""
    raise Refusal(400, "no third-party integration enabled")


def flush_history(sent: Sent) -> Response:
    """Hide the entries that were read, but for starred ones, from lists of this API; nothing is deleted."""
    sent.library.preferences.set({FLUSHED: sent.now.isoformat()})
    return accepted()


def flushed_at(library: Library) -> datetime | None:
    """Return the time of the last flush; None without one."""
    found = library.preferences.get([FLUSHED]).get(FLUSHED)
    return None if found is None else datetime.fromisoformat(found)
