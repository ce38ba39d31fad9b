"""Newsboat without a terminal: a pseudo-terminal on which keys are typed once a text is shown."""

import os
import pty
import re
import select
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.debian_package import unpacked

SIZE = {"COLUMNS": "120", "LINES": "40", "TERM": "xterm", "LC_ALL": "C.UTF-8"}
_ESCAPES = re.compile(rb"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|[()][A-Z0-9]|[=>78])")


MORE = ('flag-star "s"', "min-items 20")
"""Settings of sources that Newsboat 2.21 does not know for Miniflux."""


@dataclass(frozen=True)
class Newsboat:
    """A program and its home. command: how it is started."""

    command: tuple[str, ...]
    home: Path

    def configure(
        self, source: str, address: str, name: str, password: str, more: Sequence[str] = MORE
    ) -> None:
        """Write its settings for a source: feedhq, freshrss or miniflux. more: further ones of the source."""
        lines = [
            f'urls-source "{source}"',
            f'{source}-url "{address}"',
            f'{source}-login "{name}"',
            f'{source}-password "{password}"',
            *(f"{source}-{one}" for one in more),
            "show-read-feeds yes",
            "show-read-articles yes",
            "confirm-exit no",
            "auto-reload no",
        ]
        self.home.mkdir(exist_ok=True)
        (self.home / "config").write_text("\n".join(lines) + "\n")
        (self.home / "urls").write_text("")

    def _options(self) -> list[str]:
        return ["-C", f"{self.home}/config", "-u", f"{self.home}/urls", "-c", f"{self.home}/cache.db"]

    def reload(self) -> str:
        """Fetch everything and return how many articles are unread, as it prints it."""
        done = subprocess.run(
            [*self.command, *self._options(), "-x", "reload", "print-unread"],
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, **SIZE, "HOME": str(self.home)},
        )
        return done.stdout + done.stderr

    def type(self, steps: Sequence[tuple[str, str]]) -> str:
        """Type keys, each once its text is on the screen; returns all that was shown."""
        terminal, line = pty.openpty()
        process = subprocess.Popen(
            [*self.command, *self._options()],
            stdin=line,
            stdout=line,
            stderr=line,
            close_fds=True,
            env={**os.environ, **SIZE, "HOME": str(self.home)},
        )
        os.close(line)
        shown = ""
        try:
            for text, keys in steps:
                shown += _read_until(terminal, text)
                os.write(terminal, keys.encode())
            process.wait(60)
            return shown
        finally:
            process.kill()
            process.wait()
            os.close(terminal)


def _read_until(terminal: int, text: str, seconds: float = 60.0) -> str:
    """Read the screen until it shows a text, then until it is still."""
    ends, raw = time.monotonic() + seconds, b""
    while True:
        ready, _, _ = select.select([terminal], [], [], 0.3)
        if ready:
            raw += os.read(terminal, 65536)
            continue
        shown = _ESCAPES.sub(b"", raw).decode("utf-8", "replace")
        if text in shown:
            return shown
        assert time.monotonic() < ends, f"Newsboat did not show {text!r} but {shown[-600:]!r}"


def installed() -> tuple[str, ...] | None:
    """The Newsboat of this machine."""
    found = shutil.which("newsboat")
    return None if found is None else (found,)


def of_trixie() -> tuple[str, ...]:
    """The Newsboat of Debian trixie, which runs with its own C library. Raises Unavailable."""
    libraries = unpacked("newsboat", "trixie", with_libraries=True) / "usr/lib/x86_64-linux-gnu"
    program = libraries.parents[1] / "bin" / "newsboat"
    return (str(libraries / "ld-linux-x86-64.so.2"), "--library-path", str(libraries), str(program))
