"""Works off WARC files on a Ray of its own: a process apart, since Ray leaves threads and handlers behind."""

import sys
from pathlib import Path

from unabridged.bulk.ray_cluster import run_on_ray
from unabridged.bulk.run import jobs_of
from unabridged.bulk.shard import Filters, ShardReport

if __name__ == "__main__":
    jobs = jobs_of([Path(sys.argv[1])], Path("out"), format="jsonl", filters=Filters(), page_seconds=5.0)
    shards = run_on_ray(jobs, address="local", watch=lambda shard: None)
    assert all(isinstance(shard.outcome, ShardReport) for shard in shards), shards
