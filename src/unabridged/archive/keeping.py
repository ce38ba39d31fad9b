"""Keeping an archive safe, as part of its facade: what erasing leaves to do, checks, copies, sizes."""

from contextlib import closing
from pathlib import Path

from unabridged.archive import backups, indexing, rawpages, sizes, verifying
from unabridged.archive.copying import Copied, Watch, copy_archive, unwatched
from unabridged.archive.db import Database
from unabridged.archive.migrate import prepare
from unabridged.archive.search_door import index_all
from unabridged.archive.sizes import Sizes
from unabridged.archive.verifying import Verified


class Keeping:
    """What an archive does for its own health. `_db` is the archive's database."""

    _db: Database

    def settle(self) -> None:
        """Finish what erasing began: raw pages are packed anew, the index of search is merged.

        It takes small transactions, so that others can write; stopped half-way, the next call goes on.
        """
        while self._unsettled():
            self._db.writing(rawpages.settle)
        while self._unmerged():
            self._db.writing(indexing.merge_some)

    def _unsettled(self) -> bool:
        with self._db.reading() as conn:
            return rawpages.unsettled(conn)

    def _unmerged(self) -> bool:
        with self._db.reading() as conn:
            return indexing.owes_merge(conn)

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
        return backups.back_up(self._db, file, watch, replace=replace)

    def copy_to(self, dsn: str, *, watch: Watch = unwatched) -> Copied:
        """Copy everything into an empty database of another address, in one transaction, checked by hashes.

        Raises ArchiveError when it is not empty: then nothing was changed there.
        """
        with closing(Database(dsn)) as target:
            prepare(target)
            copied = copy_archive(self._db, target, watch)
            index_all(target, watch)
            return copied
