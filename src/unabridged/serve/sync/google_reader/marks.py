"""Calls that mark items and name labels: edit-tag, mark-all-as-read, rename-tag, disable-tag."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from starlette.responses import PlainTextResponse, Response

from unabridged.archive.records.items import SECOND, ItemEdit, ItemStream
from unabridged.errors import InvalidValue, NotFound
from unabridged.serve.sync.callers import Asked
from unabridged.serve.sync.google_reader.ids import parse_item_ids
from unabridged.serve.sync.google_reader.reading import label_parts, resolver
from unabridged.serve.sync.google_reader.streams import READING_LIST, StreamName, label_of, parse_stream
from unabridged.serve.sync.parameters import Parameters, parse_instant

READ_STATES = {"read": True, "kept-unread": False}
"""State -> what it says of an item that has it."""


def ok() -> Response:
    return PlainTextResponse("OK")


def item_edit(pairs: Iterable[tuple[str, str]]) -> ItemEdit:
    """Return the marks that `a` (add) and `r` (remove) set; of two that contradict, the last wins.

    States that no item here can have are ignored.
    """
    found = ItemEdit()
    for field, value in pairs:
        name = parse_stream(value) if field in ("a", "r") else None
        if name is not None and name.kind != "feed":
            found = _with_mark(found, name, added=field == "a")
    return found


def _with_mark(change: ItemEdit, name: StreamName, *, added: bool) -> ItemEdit:
    if name.kind == "state":
        if name.value in READ_STATES:
            return replace(change, read=READ_STATES[name.value] is added)
        return replace(change, starred=added) if name.value == "starred" else change
    others = tuple(one for one in change.add if one != name.value)
    kept = tuple(one for one in change.remove if one != name.value)
    if added:
        return replace(change, add=(*others, name.value), remove=kept)
    return replace(change, add=others, remove=(*kept, name.value))


def edit_tag(asked: Asked) -> Response:
    """Mark or tag the items of `i`; unknown ones are skipped."""
    numbers = parse_item_ids(asked.parameters.all("i"))
    asked.library.items.edit(numbers, item_edit(asked.parameters.pairs), now=asked.now)
    return ok()


def mark_all_as_read(asked: Asked) -> Response:
    """Mark the items of streams (`s`) read that came up to the time `ts`, or until now without one."""
    names = asked.parameters.all("s") or (READING_LIST,)
    resolve = resolver(asked)
    parts = tuple(part for name in map(parse_stream, names) if name is not None for part in resolve(name))
    if not parts:
        raise InvalidValue(f"There is no stream {names[0][:100]!r} with items.")
    given = (asked.parameters.last("ts") or "").strip()
    until = parse_instant(given)
    if until is None and given.strip("0"):
        raise InvalidValue(f"{given[:40]!r} is not a time: ts is seconds, milli- or microseconds since 1970.")
    stamp = (int(asked.now.timestamp()) + 1) * SECOND - 1 if until is None else until
    asked.library.items.read_all(ItemStream(parts=parts, stamped=stamp), now=asked.now)
    return ok()


def rename_tag(asked: Asked) -> Response:
    """Give the folder and the tag with a name another one. Raises NotFound, InvalidValue."""
    [old] = _labels(asked.parameters)[:1] or [""]
    new = label_of(asked.parameters.last("dest") or "") or ""
    if not old or not new:
        raise InvalidValue("rename-tag needs s=user/-/label/OLD and dest=user/-/label/NEW.")
    _check_label(asked, old)
    with suppress(NotFound):
        asked.library.subscriptions.rename_folder(old, new)
    for tag in asked.library.tags.all():
        if tag.name == old:
            asked.library.tags.rename(tag.id, new)
    return ok()


def disable_tag(asked: Asked) -> Response:
    """Remove labels: feeds of a folder stay, in no folder; a tag is taken from its articles."""
    for label in _labels(asked.parameters):
        _check_label(asked, label)
        with suppress(NotFound):
            asked.library.subscriptions.remove_folder(label)
        for tag in asked.library.tags.all():
            if tag.name == label:
                asked.library.tags.delete(tag.id)
    return ok()


def _labels(asked: Parameters) -> list[str]:
    """Return the labels that `s` names as streams, and `t` by themselves."""
    named = [label for value in asked.all("s") if (label := label_of(value))]
    return named + [value for value in asked.all("t") if value]


def _check_label(asked: Asked, label: str) -> None:
    if not label_parts(asked.library, label):
        raise NotFound(f"There is no label {label[:100]!r}.")
