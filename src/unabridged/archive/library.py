"""What people do in an archive, as part of its facade: tags, tokens, mute rules, erasing, pictures."""

from unabridged.archive.db import Database
from unabridged.archive.schema_library import metadata

__all__ = ["Library", "metadata"]


class Library:
    """The part of `Archive` that is about people's own things; every call is for one user."""

    _db: Database
