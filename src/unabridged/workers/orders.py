"""What a person waits for, put before all other work: from the reader's process to the workers."""

from procrastinate.exceptions import ConnectorException

from unabridged.archive.keys import bucket_of
from unabridged.errors import ArchiveUnwritable
from unabridged.workers.engine import FIRST, READ, bucket_job, defer_missing, make_engine


class Orders:
    """Puts jobs into the engine's queue from a process that does none itself."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def read_soon(self, url: str) -> None:
        """Have the pages of an address's site that are due read before all others.

        Raises ArchiveUnwritable; the pages are read all the same, when their turn comes.
        """
        engine = make_engine(self._dsn)
        try:
            async with engine.open_async():
                await defer_missing(engine, [bucket_job(READ, bucket_of(url), FIRST)])
        except ConnectorException as exc:
            raise ArchiveUnwritable("The workers could not be told; the page is read in its turn.") from exc
