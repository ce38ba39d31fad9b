"""Global options in any place, and clear errors for mistyped ones."""

import json
from pathlib import Path

import pytest

from tests.cli.tools import Run
from unabridged.cli.app import COMMANDS


@pytest.mark.parametrize(
    "words",
    [
        ("--json", "list"),
        ("list", "--json"),
        ("list", "-q", "--json"),
        ("--json", "tag", "list"),
        ("tag", "--json", "list"),
        ("tag", "list", "--json"),
    ],
)
def test_global_options_are_accepted_before_and_after_the_command(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout) == []


@pytest.mark.parametrize("words", [("list", "-d"), ("tag", "list", "--database")])
def test_the_database_may_be_named_after_the_command(
    run: Run, tmp_path: Path, words: tuple[str, ...]
) -> None:
    done = run(*words, str(tmp_path / "other.sqlite"))
    assert done.returncode == 9
    assert "other.sqlite" in done.stderr.decode()


def test_a_settings_file_may_be_named_after_the_command(run: Run, tmp_path: Path) -> None:
    done = run("list", "--config", str(tmp_path / "missing.toml"))
    assert done.returncode == 2
    assert "missing.toml" in done.stderr.decode()


def test_quiet_after_the_command_prints_no_remark(run: Run) -> None:
    assert run("list").stderr != b""
    assert run("list", "-q").stderr == b""


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_accepts_json_after_its_name(run: Run, name: str) -> None:
    assert run(name, "--json", "--help").returncode == 0


@pytest.mark.parametrize("port", ["80000", "-1"])
def test_a_port_that_cannot_be_is_refused(run: Run, port: str) -> None:
    done = run("serve", f"--port={port}")
    assert done.returncode == 2
    assert "is no port" in done.stderr.decode()


def test_a_misspelt_variable_is_named_with_the_closest_setting(run: Run) -> None:
    done = run("list", UNABRIDGED_POLL_WORKRS="3")
    assert done.returncode == 0
    assert (
        "UNABRIDGED_POLL_WORKRS is no setting. Did you mean UNABRIDGED_POLL_WORKERS?" in done.stderr.decode()
    )
