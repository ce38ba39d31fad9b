"""What is shipped for services fits the program: units, image, compose files, board."""

import json
import re
import shutil
import signal
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from unabridged.archive.records.polling import Waiting
from unabridged.cli.app import load_command
from unabridged.config import describe_settings, load_settings
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


COMPOSE_FILES = ("compose.yaml", "compose-postgresql.yaml")


def composed(name: str) -> dict[str, Any]:
    """A compose file."""
    content: dict[str, Any] = yaml.safe_load((DEPLOY / name).read_text())
    return content


def image_lines(instruction: str) -> list[str]:
    """The arguments of an instruction of the image, of its last stage."""
    last = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ").rpartition("\nFROM ")[2]
    return re.findall(rf"^{instruction} +(.*)$", last, flags=re.MULTILINE)


def image_environment() -> dict[str, str]:
    """The variables that the image sets."""
    return dict(pair.split("=", 1) for line in image_lines("ENV") for pair in line.split())


def commands() -> list[tuple[str, list[str]]]:
    """Every command line of ours in units, image and compose files."""
    found = [
        (path.name, line.removeprefix("ExecStart=/usr/local/bin/unabridged ").split())
        for path in (DEPLOY / "systemd").iterdir()
        for line in path.read_text().splitlines()
        if line.startswith("ExecStart=")
    ]
    for file in COMPOSE_FILES:
        services = composed(file)["services"]
        found += [(name, one["command"]) for name, one in services.items() if "command" in one]
    [command] = image_lines("CMD")
    return [*found, ("Dockerfile", json.loads(command))]


@pytest.mark.parametrize(("where", "words"), commands(), ids=lambda value: str(value)[:30])
def test_every_command_that_is_shipped_is_one_of_the_program(where: str, words: list[str]) -> None:
    command = load_command(words[0])
    known = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    assert {word for word in words[1:] if word.startswith("--")} <= known, where


@pytest.mark.parametrize("file", COMPOSE_FILES)
def test_every_setting_in_a_compose_file_or_the_image_exists(file: str) -> None:
    set_there = {name for one in composed(file)["services"].values() for name in one.get("environment", {})}
    set_there |= set(image_environment())
    assert {name for name in set_there if name.startswith("UNABRIDGED_")} <= VARIABLES


@pytest.mark.parametrize("file", COMPOSE_FILES)
def test_services_wait_for_services_that_are_there_and_keep_their_data(file: str) -> None:
    whole = composed(file)
    for name, one in whole["services"].items():
        assert set(one.get("depends_on", ())) <= set(whole["services"]), name
        assert "image" in one
        assert {volume.split(":")[0] for volume in one.get("volumes", ())} <= set(whole["volumes"])
        assert all(port.startswith("127.0.0.1:") for port in one.get("ports", ())), "there is no login"


def test_what_the_image_copies_is_sent_to_its_builder_and_exists() -> None:
    lines = (DEPLOY / "Dockerfile").read_text().splitlines()
    copied = {word for line in lines if line.startswith("COPY ") for word in line.split()[1:-1]}
    copied = {word for word in copied if not word.startswith(("--", "/"))}
    sent = {
        line[1:] for line in (DEPLOY.parent / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    assert copied == sent
    assert all((DEPLOY.parent / name).exists() for name in copied)


def test_the_image_serves_polls_and_is_reached_from_outside_the_container() -> None:
    [volume], [port] = image_lines("VOLUME"), image_lines("EXPOSE")
    environment = image_environment()
    settings = load_settings(environment, file=None)
    assert json.loads(image_lines("CMD")[0]) == ["serve"]
    assert settings.database == f"sqlite:///{volume}/unabridged.sqlite"
    assert (settings.serve.address, settings.serve.allow_open) == ("0.0.0.0", True)
    assert str(settings.serve.port) == port
    single = composed("compose.yaml")["services"]["unabridged"]
    assert single["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert [one.partition(":")[2] for one in single["volumes"]] == [volume]


def test_the_health_check_of_the_image_says_whether_its_command_serves(tmp_path: Path) -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = str(one.getsockname()[1])
    own = {"UNABRIDGED_HOME": str(tmp_path), "UNABRIDGED_SERVE_ADDRESS": "127.0.0.1", "HOME": str(tmp_path)}
    environment = {**image_environment(), **own, "UNABRIDGED_SERVE_PORT": port, "PATH": "/usr/bin:/bin"}
    [check] = image_lines("HEALTHCHECK")
    words = json.loads(check.partition("CMD ")[2].replace(":8200/", f":{port}/"))
    assert words[0] == "python"
    asking = [sys.executable, *words[1:]]
    assert subprocess.run(asking, env=environment, capture_output=True).returncode != 0
    entry, command = json.loads(image_lines("ENTRYPOINT")[0]), json.loads(image_lines("CMD")[0])
    assert entry == ["unabridged"]
    started = [sys.executable, "-m", *entry, *command]
    with subprocess.Popen(
        started, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as service:
        assert service.stdout is not None
        assert f"127.0.0.1:{port}" in service.stdout.readline()
        healthy = subprocess.run(asking, env=environment, capture_output=True, text=True)
        service.send_signal(getattr(signal, image_lines("STOPSIGNAL")[0]))
    assert healthy.returncode == 0, healthy.stderr
    assert (tmp_path / "unabridged.sqlite").exists()


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
