"""Programs of PyPI that speak to the sync APIs, installed into cache folders, run by a newer Python."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench.debian_package import CACHE


@dataclass(frozen=True, slots=True)
class PackageSet:
    """Packages that are installed together. folder: its name in the cache; another one for other versions."""

    folder: str
    packages: tuple[str, ...]


LIBRARIES = PackageSet("app-libraries", ("google-reader==0.0.3", "freshrss-api==2.0.5", "loguru==0.7.3"))
MINIFLUX_TUI = PackageSet(
    "miniflux-tui-0.8.22", ("miniflux-tui-py==0.8.22", "miniflux==1.1.6", "textual==8.2.8")
)
SCRIPTS = Path(__file__).with_name("apps")


@cache
def interpreter() -> str | None:
    """A Python of 3.12 or newer, which google-reader and miniflux-tui-py need."""
    for version in ("3.13", "3.12", "3.14"):
        here = sorted(Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python"))
        found = shutil.which(f"/usr/bin/python{version}") or (str(here[-1]) if here else None)
        if found:
            return found
    return None


@cache
def installed(wanted: PackageSet = LIBRARIES) -> Path:
    """The folder with the packages; skips the test where they cannot be installed."""
    python = interpreter()
    if python is None:
        pytest.skip(f"no Python of 3.12 or newer here, which {wanted.packages[0]} needs")
    folder = CACHE / wanted.folder
    if not folder.exists():
        partial = CACHE / f"{wanted.folder}.{os.getpid()}"
        command = [python, "-m", "pip", "install", "-q", "--target", str(partial), *wanted.packages]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode:
            pytest.skip(f"{', '.join(wanted.packages)} cannot be installed: {done.stderr.strip()[-300:]}")
        if folder.exists():
            shutil.rmtree(partial)
        else:
            partial.rename(folder)
    return folder


def run(script: str, *arguments: str, packages: PackageSet = LIBRARIES) -> dict[str, Any]:
    """Run a script of `apps` beside its packages and return the JSON that it prints."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed(packages))}
    command = [interpreter() or "", str(SCRIPTS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment)
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    return found
