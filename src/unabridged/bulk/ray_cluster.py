"""Many WARC files on a Ray cluster: the same function of one file, as its tasks.

Files in and out must lie where every node sees them under the same name. A node that dies costs what it was
working on, which Ray gives to another; what it had half written is not under a final name.
"""

import contextlib
import socket
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from unabridged.bulk.child import Failed
from unabridged.bulk.run import Shard, Watch, ended, shard_of
from unabridged.bulk.shard import Job, ShardReport, extract_shard
from unabridged.errors import ExportError, UnabridgedError, extra_advice

TRIES = 5
"""Retries of a file whose node or process died."""

LOOK = 1.0
ANSWER = 10.0
"""Seconds within which a cluster's address takes a connection."""


def run_on_ray(jobs: Sequence[Job], *, address: str, watch: Watch) -> tuple[Shard, ...]:
    """Work off all files as tasks of a Ray cluster, a core each.

    address: as `ray.init` takes it ("auto", "10.0.0.5:6379", "ray://host:10001"); "local" starts Ray
    here. Returns what came of each file. Raises ExportError where Ray is not installed or not reached.
    """
    ray = _ray()
    shards = [shard_of(_placed(job)) for job in jobs]
    for shard in shards:
        watch(shard)
    _knock(address)
    try:
        with contextlib.chdir("/"):  # Ray has its workers import from the folder in which it is started
            ray.init(address=address, log_to_driver=False, logging_level="error")
    except (ConnectionError, RuntimeError, ValueError) as exc:
        raise ExportError(f"No Ray cluster answers at {address}: {exc}") from exc
    try:
        return _collect(ray, shards, watch)
    finally:
        ray.shutdown()


def _placed(job: Job) -> Job:
    """A job whose files have absolute names, which mean the same in every process."""
    source = job.source.absolute() if isinstance(job.source, Path) else job.source
    profiles = job.sites.profiles.absolute() if job.sites.profiles is not None else None
    sites = replace(job.sites, profiles=profiles)
    return replace(job, source=source, target=job.target.absolute(), sites=sites)


def _knock(address: str) -> None:
    """Raise ExportError where nobody listens: Ray itself would try for minutes."""
    host, colon, port = address.removeprefix("ray://").rpartition(":")
    if not colon or not port.isdecimal():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=ANSWER).close()
    except OSError as exc:
        raise ExportError(
            f"No Ray cluster answers at {address} ({exc}). Start one (ray start --head), or give --ray local."
        ) from exc


def _collect(ray: Any, shards: list[Shard], watch: Watch) -> tuple[Shard, ...]:
    remote = ray.remote(num_cpus=1, max_retries=TRIES)(_shard)
    waiting = {remote.remote(shard.job): place for place, shard in enumerate(shards) if shard.outcome is None}
    while waiting:
        done, _ = ray.wait(list(waiting), timeout=LOOK)
        for reference in done:
            place = waiting.pop(reference)
            shards[place] = ended(shards[place], _outcome(ray, reference))
            watch(shards[place])
    return tuple(shards)


def _shard(job: Job) -> ShardReport | Failed:
    try:
        return extract_shard(job)
    except UnabridgedError as exc:
        return Failed(why=str(exc))


def _outcome(ray: Any, reference: Any) -> ShardReport | Failed:
    try:
        outcome: ShardReport | Failed = ray.get(reference)
    except ray.exceptions.RayError as exc:
        return Failed(why=f"Ray gave the file up after {TRIES + 1} tries: {str(exc).splitlines()[0]}")
    return outcome


def _ray() -> Any:
    try:
        import ray
    except ImportError as exc:
        raise ExportError(f"A cluster needs Ray. {extra_advice('ray')}") from exc
    return ray
