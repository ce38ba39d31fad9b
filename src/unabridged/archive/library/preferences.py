"""Preferences of a user: names and values, both short texts. The archive acts on those of CHECKED."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select

from unabridged.archive.records.library import (
    AFTER_EDIT,
    AFTER_EDITS,
    SHARE_MARKS,
    SHARE_MARKS_CHOICES,
)
from unabridged.archive.storage.tables_library import preferences
from unabridged.errors import InvalidValue

MAX_NAME = 500
MAX_VALUE = 200
CHECKED: Mapping[str, Sequence[str]] = {AFTER_EDIT: AFTER_EDITS, SHARE_MARKS: SHARE_MARKS_CHOICES}
"""Preferences that the archive itself acts on, with their values."""

MAX_PREFERENCES = 5_000
"""Preferences of one user: those of the reader, and one for each list with an order of its own."""


def read(conn: Connection, user: int, names: Sequence[str]) -> dict[str, str]:
    """Map those of the names that are set to their values."""
    found = select(preferences.c.name, preferences.c.value).where(
        preferences.c.user_id == user, preferences.c.name.in_(names)
    )
    return {row.name: row.value for row in conn.execute(found)}


def write(conn: Connection, user: int, values: Mapping[str, str | None]) -> None:
    """Set preferences; None removes one. Raises InvalidValue for texts that are too long, or too many.

    Those that the archive acts on have one of the values of CHECKED.
    """
    kept = {name: value for name, value in values.items() if value is not None}
    if any(len(name) > MAX_NAME or len(value) > MAX_VALUE for name, value in kept.items()):
        raise InvalidValue(
            f"A preference has a name of up to {MAX_NAME} characters and a value of up to {MAX_VALUE}."
        )
    for name, choices in CHECKED.items():
        if kept.get(name, choices[0]) not in choices:
            raise InvalidValue(f"The preference {name!r} is one of: {', '.join(choices)}.")
    mine = preferences.c.user_id == user
    conn.execute(delete(preferences).where(mine, preferences.c.name.in_(list(values))))
    if not kept:
        return
    stored = conn.execute(select(func.count()).select_from(preferences).where(mine)).scalar_one()
    if stored + len(kept) > MAX_PREFERENCES:
        raise InvalidValue("Too many lists have an order of their own. Set the order of all lists instead.")
    conn.execute(insert(preferences), [{"user_id": user, "name": name, "value": kept[name]} for name in kept])
