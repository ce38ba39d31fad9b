"""Keeping an archive safe, as part of its facade: what erasing leaves to do, checks, copies, sizes."""

from unabridged.archive import rawpages
from unabridged.archive.db import Database


class Keeping:
    """What an archive does for its own health. `_db` is the archive's database."""

    _db: Database

    def settle(self) -> None:
        """Finish what erasing began: pages whose dictionary held an erased page are packed anew.

        It takes small transactions, so that others can write; stopped half-way, the next call goes on.
        """
        while self._db.writing(rawpages.settle):
            pass
