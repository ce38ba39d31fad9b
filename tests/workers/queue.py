"""Jobs in the queue, as a worker sees them."""

from procrastinate import App
from procrastinate.jobs import Job


def number_of(job: Job) -> int:
    bucket = job.task_kwargs["bucket"]
    assert isinstance(bucket, int)
    return bucket


async def waiting(engine: App) -> list[tuple[str, int]]:
    jobs = await engine.job_manager.list_jobs_async(status="todo")
    return [(job.task_name, number_of(job)) for job in jobs]
