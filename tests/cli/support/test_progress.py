"""Bars on a terminal of 80 columns, and signs of life while a site is slow."""

import io
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.tools import Canned, Run, Site
from unabridged.cli.support.context import CliContext
from unabridged.cli.support.progress import PATIENCE, PollBars, waiting
from unabridged.cli.support.terminal import Console
from unabridged.config import Settings
from unabridged.poll.reports import PageReport, Progress


@pytest.fixture
def screen() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def cli(screen: io.StringIO, tmp_path: Path) -> CliContext:
    """A context whose stderr is a terminal of 80 columns."""
    console = Console(file=screen, force_terminal=True, width=80, legacy_windows=False)
    return CliContext(settings=Settings(home=tmp_path, database="sqlite://"), stderr=console)


def test_bar_and_count_stay_on_80_columns(cli: CliContext, screen: io.StringIO) -> None:
    report = PageReport(article_id=1, url="https://example.org/" + "long/" * 40, kind="read")
    with PollBars(cli) as bars:
        bars.watch(Progress(stage="pages", done=12345, total=99999, report=report))
    lines = screen.getvalue().replace("\r", "\n").split("\n")
    line = next(line for line in lines if "12345/99999" in line)
    assert "━" in line
    assert "https://exa" in line
    assert "…" not in line


def test_a_slow_answer_is_announced_on_a_terminal(cli: CliContext, screen: io.StringIO) -> None:
    with waiting(cli, "example.org"):
        time.sleep(PATIENCE + 0.5)
    assert "Waiting for example.org …" in screen.getvalue()


def test_a_quick_answer_and_quiet_print_nothing(cli: CliContext, screen: io.StringIO) -> None:
    with waiting(cli, "example.org"):
        pass
    with waiting(replace(cli, quiet=True), "example.org"):
        time.sleep(PATIENCE + 0.2)
    assert "Waiting" not in screen.getvalue()


@pytest.mark.parametrize("command", ["read", "feed", "find", "save", "add"])
def test_a_slow_site_is_announced_in_a_pipe(run: Run, site: Site, command: str) -> None:
    site.answers["/slow"] = Canned(body=b"<p>late", status=404, delay=PATIENCE + 1)
    done = run(command, f"{site.origin}/slow")
    assert done.stderr.decode().count("Waiting for 127.0.0.1 …") == 1
