"""Work on a database that no `Archive` has opened: read its address, check its schema, restore a backup.

Also offers `bucket_of`, the part of the schedule to which an address belongs.
"""

from pathlib import Path

from unabridged.archive.maintenance import backup
from unabridged.archive.migrations.runner import check_archive
from unabridged.archive.records.maintenance import Verified, Watch, unwatched
from unabridged.archive.storage.engine import database_address
from unabridged.archive.storage.identity import bucket_of

__all__ = ["bucket_of", "check_archive", "check_backup", "database_address", "restore"]


def check_backup(file: Path, *, watch: Watch = unwatched) -> Verified:
    """Check every hash and reference of a backup of this program's own schema. The file stays one file."""
    return backup.check_backup(file, watch)


def restore(file: Path, dsn: str, *, damaged: bool = False, watch: Watch = unwatched) -> Verified:
    """Restore a backup into a new or empty archive, after checking all of it; returns what the check found.

    The file is not changed: a copy of it is upgraded and checked. damaged: restore what can be read although
    the check found damage. Raises NotFound, NotAnArchive, ArchiveError.
    """
    return backup.restore(file, dsn, watch, damaged=damaged)
