"""The same function on a Ray cluster of two nodes, one of which dies."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.bulk.warc_pages import story, write_pages
from tests.planted_files import evil_program, plant
from unabridged.bulk.ray_cluster import run_on_ray
from unabridged.bulk.run import Shard, jobs_of, run_local
from unabridged.bulk.shard import Filters, ShardReport
from unabridged.errors import ExportError

OPTIONS: dict[str, Any] = {"format": "jsonl", "filters": Filters(), "page_seconds": 5.0}


def test_without_ray_or_its_cluster_the_error_says_what_to_do(tmp_path: Path) -> None:
    jobs = jobs_of([write_pages(tmp_path / "a.warc.gz", [])], tmp_path / "out", **OPTIONS)
    with pytest.raises(ExportError, match=r"uv tool install '\.\[ray\]'|No Ray cluster answers"):
        run_on_ray(jobs, address="127.0.0.1:9", watch=lambda shard: None)


@pytest.mark.long
def test_a_node_that_dies_changes_no_byte_of_what_comes_out(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: tools/setup python3 .venv ray")
    files = []
    for file in range(8):
        stories = [(f"https://quay.example/{file}/{n}", story(f"Ebb {file} {n}", "en")) for n in range(150)]
        files.append(write_pages(tmp_path / f"crawl-{file}.warc.gz", stories))
    done = subprocess.run(
        [sys.executable, "-m", "tests.bulk.test_ray_cluster", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert "killed while it worked" in done.stdout


@pytest.mark.long
def test_workers_import_nothing_from_the_folder_in_which_ray_is_started(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="Ray is not installed: tools/setup python3 .venv ray")
    file = write_pages(tmp_path / "crawl.warc.gz", [("https://quay.example/1", story("Ebb", "en"))])
    program, mark = evil_program(tmp_path)
    plant(tmp_path / "shared", program, mark)
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("ray_planted.py")), str(file)],
        cwd=tmp_path / "shared",
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert not mark.exists(), mark.read_text()
    assert (tmp_path / "shared" / "out" / "crawl.jsonl").is_file()


def main(folder: Path) -> None:
    """Run in a process of its own: Ray leaves threads and handlers behind."""
    import asyncio

    from ray.cluster_utils import Cluster

    files = sorted(folder.glob("*.warc.gz"))
    local, cluster_jobs = (jobs_of(files, folder / name, **OPTIONS) for name in ("local", "cluster"))
    asyncio.run(run_local(local, workers=1, watch=lambda shard: None))
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    second = cluster.add_node(num_cpus=1)
    finished: list[str] = []

    def watch(shard: Shard) -> None:
        if shard.outcome is not None:
            finished.append(shard.job.source.name)

    def kill() -> None:
        deadline = time.monotonic() + 120
        while not finished and time.monotonic() < deadline:
            time.sleep(0.05)
        if len(finished) < len(files):
            print("killed while it worked", flush=True)
        cluster.remove_node(second, allow_graceful=False)

    killer = threading.Thread(target=kill)
    killer.start()
    shards = run_on_ray(cluster_jobs, address=cluster.address, watch=watch)
    killer.join()
    cluster.shutdown()
    assert all(isinstance(shard.outcome, ShardReport) for shard in shards), shards
    for one, other in zip(local, cluster_jobs, strict=True):
        assert one.target.read_bytes() == other.target.read_bytes()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
