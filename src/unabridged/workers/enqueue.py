"""Client of the job queue for processes that are not workers: read pages now, run a replay."""

from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job

from unabridged.archive.facade.database import bucket_of
from unabridged.errors import ArchiveUnwritable
from unabridged.poll.pages.reextract import ReplayRequest
from unabridged.workers.job_queue import HIGH, READ, bucket_job, defer_missing, make_engine, replay_job

SHARDS = 32
"""Shards of a replay: enough for as many cores, and little to repeat if a worker dies."""


class JobClient:
    """Puts jobs into the queue."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn

    async def enqueue_read(self, url: str) -> None:
        """Have the due pages of a URL's site read before all others.

        Raises ArchiveUnwritable; the pages are then read at their normal turn.
        """
        await self._enqueue([bucket_job(READ, bucket_of(url), HIGH)])

    async def enqueue_replay(self, number: int, request: ReplayRequest) -> None:
        """Have the workers run a replay that was begun. Raises ArchiveUnwritable."""
        asked = request.to_json()
        await self._enqueue([replay_job(number, shard, SHARDS, asked) for shard in range(SHARDS)])

    async def _enqueue(self, jobs: list[Job]) -> None:
        engine = make_engine(self._dsn)
        try:
            async with engine.open_async():
                await defer_missing(engine, jobs)
        except ConnectorException as exc:
            raise ArchiveUnwritable(
                "No job could be queued for the workers. Check that the database server runs."
            ) from exc
