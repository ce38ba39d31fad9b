"""Keeping an archive safe, as part of its facade: what erasing leaves to do, checks, copies, sizes."""

from pathlib import Path

from unabridged.archive.maintenance import backup, sizes
from unabridged.archive.maintenance import verify as verifying
from unabridged.archive.maintenance.copy_archive import Copied, Watch, unwatched
from unabridged.archive.maintenance.sizes import Sizes
from unabridged.archive.maintenance.verify import Verified
from unabridged.archive.raw_pages import store
from unabridged.archive.search_index import writer
from unabridged.archive.storage.engine import Database


class Keeping:
    """What an archive does for its own health. `_db` is the archive's database."""

    _db: Database

    def settle(self) -> None:
        """Finish what erasing began: raw pages are packed anew, the index of search is merged.

        It takes small transactions, so that others can write; stopped half-way, the next call goes on.
        """
        while self._unsettled():
            self._db.writing(store.settle)
        while self._unmerged():
            self._db.writing(writer.merge_some)

    def _unsettled(self) -> bool:
        with self._db.reading() as conn:
            return store.unsettled(conn)

    def _unmerged(self) -> bool:
        with self._db.reading() as conn:
            return writer.owes_merge(conn)

    def verify(self, *, watch: Watch = unwatched) -> Verified:
        """Recompute every hash, follow every reference; what is broken is named, nothing is changed."""
        return verifying.verify(self._db, watch)

    def sizes(self) -> Sizes:
        """What the archive takes, by kind and by site."""
        return sizes.measure(self._db)

    def back_up(self, file: Path, *, replace: bool = False, watch: Watch = unwatched) -> int:
        """Write the archive as of this moment into one SQLite file, while others go on; returns its bytes.

        replace: an older file in that place gives way, once the new one is whole. Raises ArchiveUnwritable.
        """
        return backup.back_up(self._db, file, watch, replace=replace)

    def copy_to(self, dsn: str, *, watch: Watch = unwatched) -> Copied:
        """Copy everything into an empty database of another address, in one transaction, checked by hashes.

        Raises ArchiveError when it is not empty: then nothing was changed there.
        """
        return backup.copy_to(self._db, dsn, watch)
