"""Facade of the archive: every published article and what users did with it, behind one class.

It is synchronous and safe to use from several threads; an asyncio program calls it through
`asyncio.to_thread`. Every write is one transaction. It speaks of feeds and articles, never SQL.
"""

from types import TracebackType
from typing import Self

from unabridged.archive.facade.accounts import Accounts
from unabridged.archive.facade.derived import Analysis, SearchIndex
from unabridged.archive.facade.documents import Documents
from unabridged.archive.facade.events.channels import Deliveries
from unabridged.archive.facade.feeds import Feeds
from unabridged.archive.facade.filing import Filing
from unabridged.archive.facade.images import Images
from unabridged.archive.facade.ingest import Ingest
from unabridged.archive.facade.library.library import Library
from unabridged.archive.facade.library.shares import SharedVersions
from unabridged.archive.facade.maintenance import Maintenance
from unabridged.archive.facade.reextraction import Reextraction
from unabridged.archive.facade.schedule import Schedule
from unabridged.archive.facade.sites import Sites
from unabridged.archive.facade.websub import HubSubscribers, WebSub
from unabridged.archive.migrations.runner import prepare
from unabridged.archive.records.core import OWNER
from unabridged.archive.storage.engine import Database


class Archive:
    """Archive in one database, created or migrated when it is opened, in parts.

    dsn: "sqlite:////path/to/file.db", "postgresql://…", or a path to an SQLite file.
    Raises NotAnArchive, SchemaTooNew, ArchiveUnwritable.
    """

    def __init__(self, dsn: str) -> None:
        self._db = Database(dsn)
        try:
            prepare(self._db)
        except BaseException:
            self._db.close()
            raise
        self.accounts = Accounts(self._db)
        self.feeds = Feeds(self._db)
        self.schedule = Schedule(self._db)
        self.ingest = Ingest(self._db)
        self.websub = WebSub(self._db)
        self.hub_subscribers = HubSubscribers(self._db)
        self.images = Images(self._db)
        self.documents = Documents(self._db)
        self.reextraction = Reextraction(self._db)
        self.search_index = SearchIndex(self._db)
        self.filing = Filing(self._db)
        self.analysis = Analysis(self._db)
        self.maintenance = Maintenance(self._db)
        self.sites = Sites(self._db)
        self.deliveries = Deliveries(self._db)
        self.shared = SharedVersions(self._db)

    def library(self, user: int = OWNER) -> Library:
        """Return the library of one user, the archive's owner by default."""
        return Library(self._db, user)

    def close(self) -> None:
        """Close every connection; the archive cannot be used afterwards."""
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
