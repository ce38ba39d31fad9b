"""What a person asks of the workers, from a process that does no jobs itself: pages at once, a replay."""

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from unabridged.archive.facade.database import bucket_of
from unabridged.errors import ArchiveUnwritable
from unabridged.poll.pages.reextract import ReplayOrder
from unabridged.workers.job_queue import FIRST, READ, bucket_job, defer_missing, make_engine, replay_job

SHARDS = 32
"""Parts of a replay: enough for as many cores, and little is done twice when a worker dies."""


class Orders:
    """Puts jobs into the engine's queue from a process that does none itself."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def read_soon(self, url: str) -> None:
        """Have the pages of an address's site that are due read before all others.

        Raises ArchiveUnwritable; then they are read when their turn comes.
        """
        await self._put([bucket_job(READ, bucket_of(url), FIRST)])

    async def replay(self, number: int, order: ReplayOrder) -> None:
        """Have a replay that was begun done by the workers. Raises ArchiveUnwritable."""
        asked = order.to_json()
        await self._put([replay_job(number, shard, SHARDS, asked) for shard in range(SHARDS)])

    async def _put(self, jobs: list[Job]) -> None:
        engine = make_engine(self._dsn)
        try:
            async with engine.open_async():
                await defer_missing(engine, jobs)
        except ConnectorException as exc:
            raise ArchiveUnwritable("The workers could not be told; is the database there?") from exc
