"""Claims name the process that made them: those of a dead one end at once, those of a living one stay."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import present
from unabridged.archive.facade.archive import Archive
from unabridged.archive.ingest.lease_owners import Owner, dead_tokens, new_token

NOW = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)

CLAIM = """
import sys
from datetime import datetime
from unabridged.archive.facade.archive import Archive
with Archive(sys.argv[1]) as archive:
    print(len(archive.schedule.claim_feeds(datetime.fromisoformat(sys.argv[2]), 10, lease=900)), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(f"sqlite:///{tmp_path / 'archive.sqlite'}") as opened:
        yield opened


def test_the_claims_of_a_killed_process_end_at_once_and_those_of_a_living_one_stay(
    archive: Archive, tmp_path: Path
) -> None:
    archive.library().subscriptions.add("http://a.example/feed", now=NOW)
    command = [sys.executable, "-c", CLAIM, f"sqlite:///{tmp_path / 'archive.sqlite'}", NOW.isoformat()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert present(process.stdout).readline() == "1\n"
        assert archive.schedule.release_dead() == 0
        assert archive.schedule.claim_feeds(NOW, 10) == ()
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, but still in the list of processes
        assert archive.schedule.release_dead() == 1
        assert len(archive.schedule.claim_feeds(NOW, 10)) == 1
    assert archive.schedule.release_dead() == 0  # our own claim


def test_nothing_is_said_of_claims_of_other_machines_containers_and_versions() -> None:
    own = Owner.of_token(new_token())
    fields = {name: getattr(own, name) for name in ("machine", "boot", "namespace", "start")}
    dead = Owner(**fields, pid=4_000_000).token()
    assert dead_tokens([dead], one_machine=False) == (dead,)
    assert dead_tokens([new_token(), "0123abcd", ""], one_machine=True) == ()
    for name in ("machine", "namespace"):
        elsewhere = Owner(**{**fields, name: "elsewhere"}, pid=4_000_000).token()
        assert dead_tokens([elsewhere], one_machine=True) == ()


def test_a_start_of_the_machine_ends_the_claims_on_a_file_but_not_on_a_server() -> None:
    own = present(Owner.of_token(new_token()))
    before = Owner(
        machine=own.machine,
        boot="earlier",
        namespace=own.namespace,
        pid=own.pid,
        start=own.start,
    ).token()
    assert dead_tokens([before], one_machine=True) == (before,)
    assert dead_tokens([before], one_machine=False) == ()


def test_a_process_with_the_number_of_a_dead_one_is_not_taken_for_it() -> None:
    own = present(Owner.of_token(new_token()))
    other = Owner(
        machine=own.machine,
        boot=own.boot,
        namespace=own.namespace,
        pid=own.pid,
        start="1",
    ).token()
    assert dead_tokens([other], one_machine=False) == (other,)


def test_a_lease_still_ends_by_time(archive: Archive) -> None:
    archive.library().subscriptions.add("http://a.example/feed", now=NOW)
    assert len(archive.schedule.claim_feeds(NOW, 10, lease=900)) == 1
    assert archive.schedule.claim_feeds(NOW + timedelta(seconds=899), 10) == ()
    assert len(archive.schedule.claim_feeds(NOW + timedelta(seconds=900), 10)) == 1
