"""A screen that nobody sees: Xvfb, on which programs of Debian run, and xdotool for mouse and keys."""

import os
import shutil
import sqlite3
import struct
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.debian_package import Unavailable, overlaid, unpacked_with_missing

SUITE = "bookworm"
WIDTH, HEIGHT = 1200, 800
SECONDS = 30.0
"""Longest wait for a window, or for a program to have done something."""


@dataclass
class Screen:
    """A running screen. folders: of packages; home: the programs' own; files: of Xvfb's picture."""

    folders: tuple[Path, ...]
    home: Path
    display: str = ""
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Variables of programs: all that they write stays in their home."""
        (self.home / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "XDG_DATA_HOME": str(self.home / "share"),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "DISPLAY": self.display,
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "LIBGL_ALWAYS_SOFTWARE": "1",
        }

    def run(self, *command: str) -> str:
        """Run a program of the packages to its end and return what it printed."""
        done = subprocess.run(
            overlaid(self.folders, command),
            capture_output=True,
            text=True,
            timeout=SECONDS * 2,
            env=self.environment,
        )
        assert done.returncode == 0, f"{command}: {done.stderr[-2000:]}"
        return done.stdout

    def start(self, *command: str, more: Mapping[str, str] | None = None) -> "subprocess.Popen[bytes]":
        """Start a program; what it prints is in home/log. more: variables of its own."""
        with (self.home / "log").open("ab") as log:
            process = subprocess.Popen(
                overlaid(self.folders, command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment | dict(more or {}),
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def press(self, *keys: str) -> None:
        """Press keys, as X names them."""
        self.run("xdotool", "key", "--delay", "30", *keys)

    def type(self, text: str) -> None:
        self.run("xdotool", "type", "--delay", "15", text)

    def click(self, x: int, y: int) -> None:
        self.run("xdotool", "mousemove", str(x), str(y), "sleep", "0.1", "click", "1")

    def windows(self, title: str) -> list[str]:
        """Return the visible windows whose title has these words."""
        search = ("xdotool", "search", "--onlyvisible", "--name", title)
        done = subprocess.run(
            overlaid(self.folders, search), capture_output=True, text=True, env=self.environment
        )
        return done.stdout.split()

    def focus(self, title: str, *, but: str = "") -> str:
        """Wait for a window whose title has these words, focus it and return it. but: another one."""
        found: list[str] = []

        def shown() -> bool:
            found[:] = [one for one in self.windows(title) if one != but]
            return bool(found)

        self.wait(shown, f"showing the window {title!r}")
        self.run("xdotool", "windowfocus", "--sync", found[-1])
        return found[-1]

    def wait(self, holds: Callable[[], object], what: str) -> None:
        """Wait until something holds. Raises AssertionError, after it has kept a picture in the home."""
        ends = time.monotonic() + SECONDS
        while not holds():
            if time.monotonic() > ends:
                self.picture(self.home / "screen.png")
                raise AssertionError(f"not {what} after {SECONDS:.0f} s; see {self.home / 'screen.png'}")
            time.sleep(0.1)

    def picture(self, path: Path) -> None:
        """Save what is on the screen as PNG."""
        path.write_bytes(_png((self.home / "frame" / "Xvfb_screen0").read_bytes()))

    def end(self) -> None:
        """End the programs, the last started first."""
        for process in reversed(self.processes):
            for signal in (15, 9):
                try:
                    os.killpg(process.pid, signal)
                    process.wait(5)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue


@contextmanager
def screen(home: Path, *packages: str) -> Iterator[Screen]:
    """Give a screen on which packages can run. home: a folder for all they write. Raises Unavailable."""
    if shutil.which("unshare") is None:
        raise Unavailable("unshare is not installed, which makes an overlay of packages")
    folders = [unpacked_with_missing("xvfb", SUITE, "xdotool")]
    folders += [unpacked_with_missing(package, SUITE) for package in packages]
    tried = subprocess.run(overlaid(folders, ["true"]), capture_output=True, text=True)
    if tried.returncode:
        raise Unavailable(f"no overlay of packages can be made here: {tried.stderr.strip()}")
    (home / "frame").mkdir(parents=True)
    made = Screen(folders=tuple(folders), home=home)
    try:
        made.display = _started(made)
        yield made
    finally:
        made.end()


def _started(made: Screen) -> str:
    """Start Xvfb on a free display and return the display's name."""
    number = made.home / "display"
    size = f"{WIDTH}x{HEIGHT}x24"
    options = ("-screen", "0", size, "-nolisten", "tcp", "-fbdir", str(made.home / "frame"))
    made.start("sh", "-c", 'exec Xvfb -displayfd 3 "$@" 3>"$0"', str(number), *options)
    ends = time.monotonic() + SECONDS
    while not (number.exists() and number.read_text().endswith("\n")):
        if time.monotonic() > ends:
            raise Unavailable(f"Xvfb does not start: {(made.home / 'log').read_text()[-500:]}")
        time.sleep(0.05)
    return f":{number.read_text().strip()}"


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask the database of a running program; nothing before it has made one."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as database:
            return database.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []


def _png(frame: bytes) -> bytes:
    """Return a frame of Xvfb, which has the form of xwd, as PNG."""
    head = struct.unpack(">25I", frame[:100])
    width, height, line, colours = head[4], head[5], head[12], head[19]
    pixels = frame[head[0] + colours * 12 :]
    rows = bytearray()
    for start in range(0, height * line, line):
        row, out = pixels[start : start + width * 4], bytearray(width * 3)
        out[0::3], out[1::3], out[2::3] = row[2::4], row[1::4], row[0::4]
        rows += b"\0" + out
    parts: Sequence[tuple[bytes, bytes]] = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(rows))),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )
