"""The doctor at the command line: a table to read, records for programs, an exit code for monitors."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import environment, serving_site
from tests.cli.tools import Canned, Done, Host, Run, Site

FEED = (
    "<rss version='2.0'><channel><title>The {name}</title><item><guid>{name}</guid>"
    "<link>{origin}/{name}/1</link><description>Words.</description></item></channel></rss>"
)


@pytest.fixture(scope="module")
def followed_once(
    host: Host, empty_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Site, Path]]:
    """A site, and a data folder with two feeds of it: the page of one is missing, the other has ended."""
    home = tmp_path_factory.mktemp("followed")
    shutil.copy(empty_file, home / "unabridged.sqlite")

    def run(*words: str) -> Done:
        return host.run(words, environment(home), b"", tmp_path_factory.mktemp("streams"))

    with serving_site() as site:
        for name in ("Well", "Ended"):
            body = FEED.format(name=name, origin=site.origin).encode()
            site.answers[f"/{name}"] = Canned(body=body, type="application/rss+xml")
        assert run("add", *(f"{site.origin}/{name}" for name in ("Well", "Ended"))).returncode == 0
        site.answers["/Ended"] = Canned(status=410)
        run("poll", f"{site.origin}/Ended")
        yield site, home


@pytest.fixture
def followed(followed_once: tuple[Site, Path], home: Path) -> Site:
    """The site; the test has a copy of the data folder."""
    site, made = followed_once
    shutil.copytree(made, home)
    return site


def test_it_names_what_is_wrong_why_and_what_to_do(followed: Site, run: Run) -> None:
    done = run("doctor")
    shown = done.stdout.decode()
    assert done.returncode == 1
    for part in ("The Ended (2)", "410", "unabridged resume 2", "127.0.0.1", "404", "Storage", "versions"):
        assert part in shown
    assert "The Well (1)" not in shown


def test_programs_get_records(followed: Site, run: Run) -> None:
    told = json.loads(run("--json", "doctor").stdout)
    kinds = {(one["about"], one["kind"], one["level"]) for one in told["findings"]}
    assert ("feed", "gone", "broken") in kinds
    assert ("host", "status", "warning") in kinds
    assert told["storage"]["total"] > 0


def test_the_exit_code_is_0_while_nothing_is_broken(followed: Site, run: Run) -> None:
    run("remove", "2")
    done = run("doctor", "--no-notes")
    assert done.returncode == 0, done.stdout.decode()


def test_pages_of_a_host_are_tried_again(followed: Site, run: Run) -> None:
    asked = followed.asked.count("/Well/1")
    assert b"The next poll retries" in run("doctor", "--retry", "127.0.0.1").stderr
    run("poll")
    assert followed.asked.count("/Well/1") == asked + 1
    assert run("doctor", "--retry", "elsewhere.example").returncode == 9


def test_an_empty_archive_is_well(run: Run) -> None:
    done = run("doctor")
    assert done.returncode == 0
    assert "Nothing is wrong." in done.stdout.decode()
    assert run("doctor", "--body", "7").returncode == 9


def test_a_rule_that_matches_nothing_is_named(
    site: Site, run: Run, tmp_path_factory: pytest.TempPathFactory
) -> None:
    rules = tmp_path_factory.mktemp("rules")
    (rules / "127.0.0.1.txt").write_text("body: //div[@class='was-here-once']\n")
    site.answers["/page"] = Canned(body=b"<p>" + b"A long story with many words. " * 60)
    environment = {"UNABRIDGED_POLL_RULES": str(rules)}
    assert run("save", f"{site.origin}/page", **environment).returncode == 0
    done = run("doctor", **environment)
    assert "127.0.0.1.txt" in done.stdout.decode()
    assert done.returncode == 1
