"""Feed parsers of npm, installed into a cache folder."""

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench.debian_package import CACHE

PACKAGES = ("rss-parser@3.13.0", "feedsmith@3.0.1")
SCRIPT = Path(__file__).with_name("parse_feeds.mjs")


@cache
def installed() -> Path:
    """The folder with the parsers; skips the test where they cannot be installed."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("no node and npm here")
    folder = CACHE / "npm-feed-readers"
    if not folder.exists():
        partial = CACHE / f"npm-feed-readers.{os.getpid()}"
        partial.mkdir(parents=True)
        (partial / "package.json").write_text('{"private": true}')
        command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
        done = subprocess.run(command, cwd=partial, capture_output=True, text=True, timeout=300)
        if done.returncode:
            shutil.rmtree(partial)
            pytest.skip(f"{', '.join(PACKAGES)} cannot be installed: {done.stderr.strip()[-300:]}")
        if folder.exists():
            shutil.rmtree(partial)
        else:
            partial.rename(folder)
    return folder


def parse_feeds(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """What each parser reads in feed files: [{"feedsmith": …, "rssParser": … or None}]."""
    command = ["node", str(SCRIPT), str(installed()), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
