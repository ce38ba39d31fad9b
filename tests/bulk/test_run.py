"""Many WARC files in child processes, through deaths and restarts."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bulk.sites.site_pages import site_pages
from tests.bulk.warc_pages import story, write_pages
from unabridged.bulk import run as run_module
from unabridged.bulk.child import Failed
from unabridged.bulk.run import Shard, jobs_of, run_local
from unabridged.bulk.shard import Filters, Job, ShardReport
from unabridged.errors import ExportError
from unabridged.processes.pool import ChildPool

OPTIONS: dict[str, Any] = {"format": "jsonl", "filters": Filters(), "page_seconds": 5.0}


def crawl(folder: Path, files: int, pages: int) -> list[Path]:
    folder.mkdir(exist_ok=True)
    return [
        write_pages(
            folder / f"crawl-{file}.warc.gz",
            [
                (f"https://quay.example/{file}/{page}", story(f"Ebb {file} {page}", "en"))
                for page in range(pages)
            ],
        )
        for file in range(files)
    ]


def run(
    jobs: tuple[Job, ...], workers: int, watch: Callable[[Shard], None] = lambda shard: None
) -> tuple[Shard, ...]:
    return asyncio.run(run_local(jobs, workers=workers, watch=watch))


def outputs(jobs: tuple[Job, ...]) -> list[bytes]:
    return [job.target.read_bytes() for job in jobs]


def test_any_number_of_processes_gives_the_same_bytes(tmp_path: Path) -> None:
    files = crawl(tmp_path / "in", 3, 4)
    one, two = (jobs_of(files, tmp_path / name, **OPTIONS) for name in ("one", "two"))
    steps: list[Shard] = []
    run(one, 1, steps.append)
    run(two, 2)
    assert outputs(one) == outputs(two)
    assert steps[-1].outcome is not None
    assert all(output.count(b"\n") == 4 for output in outputs(one))


def test_finished_files_are_passed_over_and_missing_ones_made(tmp_path: Path) -> None:
    jobs = jobs_of(crawl(tmp_path / "in", 3, 2), tmp_path / "out", **OPTIONS)
    run(jobs, 2)
    before = outputs(jobs)
    jobs[1].target.unlink()
    times = [job.target.stat().st_mtime_ns for job in jobs if job.target.exists()]
    assert [shard.again for shard in run(jobs, 2)] == [True, False, True]
    assert outputs(jobs) == before
    assert [jobs[place].target.stat().st_mtime_ns for place in (0, 2)] == times


def test_a_page_that_ends_its_process_is_named_and_costs_nothing_else(tmp_path: Path, deadly: None) -> None:
    pages = [(f"https://quay.example/{n}", story(f"Ebb {n}", "en")) for n in range(4)]
    pages[2] = (pages[2][0], pages[2][1].replace(b"harbour master", b"DEADLY PAGE"))
    source = write_pages(tmp_path / "crawl.warc.gz", pages)
    jobs = jobs_of([source], tmp_path / "out", **OPTIONS)
    (shard,) = run(jobs, 1)
    assert isinstance(shard.outcome, ShardReport)
    assert (shard.outcome.articles, shard.outcome.failed) == (3, 1)
    trouble = shard.outcome.troubles[0]
    assert (trouble.url, "crashed its process (SIGKILL)" in trouble.why) == (pages[2][0], True)


def test_a_page_that_ends_the_learning_of_its_site_is_named_and_costs_nothing_else(
    tmp_path: Path, deadly: None
) -> None:
    pages = site_pages("quay.example", 12)
    pages[0] = (pages[0][0], pages[0][1].replace(b"</h1>", b"</h1>DEADLY SAMPLE"))
    jobs = jobs_of([write_pages(tmp_path / "crawl.warc.gz", pages)], tmp_path / "out", **OPTIONS)
    (shard,) = run(jobs, 1)
    assert isinstance(shard.outcome, ShardReport)
    assert (shard.outcome.articles, shard.outcome.failed, shard.outcome.by_profile) == (11, 1, 11)
    assert shard.outcome.troubles[0].url == pages[0][0]


def test_files_with_known_sites_give_the_same_bytes_in_any_number_of_processes(tmp_path: Path) -> None:
    files = [
        write_pages(
            tmp_path / f"crawl-{number}.warc.gz",
            [
                *site_pages("quay.example", 12),
                *site_pages(f"s{number}.example", 7),
                *site_pages("few.example", 2),
            ],
        )
        for number in range(3)
    ]
    one, two = (jobs_of(files, tmp_path / name, **OPTIONS) for name in ("one", "two"))
    steps: list[Shard] = []
    shards = run(one, 1, steps.append)
    run(two, 2)
    assert outputs(one) == outputs(two)
    assert [shard.outcome.by_profile for shard in shards if isinstance(shard.outcome, ShardReport)] == [
        19
    ] * 3
    assert all(step.read <= step.size for step in steps)


@pytest.fixture
def deadly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """ChildPool in which a page with the words DEADLY PAGE kills its process."""
    folder = tmp_path / "program"
    folder.mkdir()
    (folder / "deadly_child.py").write_text(
        "import os\n"
        "from unabridged.bulk import shard\n"
        "from unabridged.bulk.child import main\n"
        "real = shard.extract\n"
        "def extract(body, **given):\n"
        "    if b'DEADLY PAGE' in body:\n"
        "        os.kill(os.getpid(), 9)\n"
        "    return real(body, **given)\n"
        "shard.extract = extract\n"
        "from unabridged.bulk.sites import learning\n"
        "sample = learning.sample_page\n"
        "def sample_page(body, *args, **given):\n"
        "    if b'DEADLY SAMPLE' in body:\n"
        "        os.kill(os.getpid(), 9)\n"
        "    return sample(body, *args, **given)\n"
        "learning.sample_page = sample_page\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{folder}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    deadly = lambda program, workers, limits: ChildPool("deadly_child", workers, limits)  # noqa: E731
    monkeypatch.setattr(run_module, "ChildPool", deadly)


def test_a_file_that_is_none_is_named_and_the_others_are_done(tmp_path: Path) -> None:
    files = crawl(tmp_path / "in", 2, 2)
    files[0].write_bytes(b"no warc")
    shards = run(jobs_of(files, tmp_path / "out", **OPTIONS), 2)
    assert isinstance(shards[0].outcome, Failed)
    assert "not a WARC file" in shards[0].outcome.why
    assert isinstance(shards[1].outcome, ShardReport)


@pytest.mark.first
def test_a_run_that_is_killed_leaves_no_half_file_and_goes_on(tmp_path: Path) -> None:
    files = crawl(tmp_path / "in", 3, 16)
    command = [sys.executable, "-m", "unabridged", "bulk", *map(str, files), "--format", "jsonl", "-o"]
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    subprocess.run([*command, str(whole)], check=True, capture_output=True)
    process = subprocess.Popen(
        [*command, str(killed)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not list(killed.glob("*.jsonl")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for output in killed.glob("*.jsonl"):
        assert output.read_bytes() == (whole / output.name).read_bytes()
    subprocess.run([*command, str(killed)], check=True, capture_output=True)
    assert {file.name: file.read_bytes() for file in killed.iterdir() if file.suffix != ".part"} == {
        file.name: file.read_bytes() for file in whole.iterdir()
    }


def test_folders_give_their_warc_files_in_order(tmp_path: Path) -> None:
    crawl(tmp_path / "in", 2, 1)
    (tmp_path / "in/readme.txt").write_text("no WARC")
    jobs = jobs_of([tmp_path / "in"], tmp_path / "out", **OPTIONS)
    assert [job.target.name for job in jobs] == ["crawl-0.jsonl", "crawl-1.jsonl"]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    files = [*crawl(tmp_path / "a", 1, 1), *crawl(tmp_path / "b", 1, 1)]
    with pytest.raises(ExportError, match="would both become"):
        jobs_of(files, tmp_path / "out", **OPTIONS)
    with pytest.raises(ExportError, match="There is no WARC file"):
        jobs_of([tmp_path], tmp_path / "out", **OPTIONS)
