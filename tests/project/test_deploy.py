"""What is shipped for services fits the program: units, image, compose file, board."""

import json
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from unabridged.archive.records.polling import Waiting
from unabridged.cli.app import load_command
from unabridged.config import describe_settings
from unabridged.poll.metrics import Metrics

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
VARIABLES = {
    "UNABRIDGED_HOME",
    "UNABRIDGED_DATABASE",
    *(
        "UNABRIDGED_" + re.sub(r"\W+", "_", name.replace("[", "").replace("]", "")).upper()
        for name, _, _ in describe_settings()
    ),
}


def metrics() -> set[str]:
    """The names of all figures that a process shows."""
    figures = Metrics()
    nothing = Waiting(feeds=0, feeds_since=None, pages=0, pages_since=datetime.now(UTC))
    figures.add_backlog(lambda: nothing)
    return {family.name for family in figures.registry.collect()}


def test_every_figure_on_the_board_exists_and_every_figure_is_on_the_board() -> None:
    board = (DEPLOY / "grafana.json").read_text()
    panels = json.loads(board)["panels"]
    asked = " ".join(target["expr"] for panel in panels for target in panel["targets"])
    named = {re.sub(r"_(total|count|bucket|sum)$", "", name) for name in re.findall(r"unabridged_\w+", asked)}
    assert named == metrics()


def commands() -> list[tuple[str, list[str]]]:
    """Every command line of ours in units, image and compose file."""
    found = [
        (path.name, line.removeprefix("ExecStart=/usr/local/bin/unabridged ").split())
        for path in (DEPLOY / "systemd").iterdir()
        for line in path.read_text().splitlines()
        if line.startswith("ExecStart=")
    ]
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    found += [(name, one["command"]) for name, one in services.items() if "command" in one]
    [command] = re.findall(r"^CMD (.*)$", (DEPLOY / "Dockerfile").read_text(), flags=re.MULTILINE)
    return [*found, ("Dockerfile", json.loads(command))]


@pytest.mark.parametrize(("where", "words"), commands(), ids=lambda value: str(value)[:30])
def test_every_command_that_is_shipped_is_one_of_the_program(where: str, words: list[str]) -> None:
    command = load_command(words[0])
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word for word in words[1:] if word.startswith("--")} <= known, where


def test_every_setting_in_the_compose_file_exists() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    set_there = {name for one in services.values() for name in one.get("environment", {})}
    assert {name for name in set_there if name.startswith("UNABRIDGED_")} <= VARIABLES


def test_services_wait_for_services_that_are_there() -> None:
    whole = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    for name, one in whole["services"].items():
        assert set(one.get("depends_on", ())) <= set(whole["services"]), name
        assert "image" in one
        assert {volume.split(":")[0] for volume in one.get("volumes", ())} <= set(whole["volumes"])


def test_the_image_passes_its_linter() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    if not hadolint.exists():
        pytest.skip("no hadolint here: make setup installs it")
    done = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_units_pass_their_linter(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze here: install the package systemd")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/usr/local/bin/unabridged", sys.executable)
        (tmp_path / unit.name).write_text(text)
    units = sorted(map(str, tmp_path.iterdir()))
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True)
    complaints = [line for line in done.stderr.splitlines() if "unabridged-" in line]
    assert complaints == []
