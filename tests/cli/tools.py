"""What the command line's tests share: canned answers, and the process that runs the program for them."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

Done = subprocess.CompletedProcess[bytes]
Run = Callable[..., Done]


class Host:
    """Our end of `fork_server.py`."""

    def __init__(self, cwd: Path | None = None, environ: Mapping[str, str] | None = None) -> None:
        """Start it: in this folder and environment, where the program is loaded and then runs."""
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=cwd,
            env=environ,
        )

    def run(self, words: Sequence[str], environ: Mapping[str, str], stdin: bytes, folder: Path) -> Done:
        """Run the program once; its streams are files in the folder."""
        streams = [folder / name for name in ("stdin", "stdout", "stderr")]
        for path, data in zip(streams, (stdin, b"", b""), strict=True):
            path.write_bytes(data)
        code = self._do(words, environ, [str(path) for path in streams])
        return Done(words, code, stdout=streams[1].read_bytes(), stderr=streams[2].read_bytes())

    def run_on(self, words: Sequence[str], environ: Mapping[str, str], terminal: str) -> int:
        """Run the program once with a terminal as its three streams; returns the exit code."""
        return self._do(words, environ, [terminal] * 3)

    def _do(self, words: Sequence[str], environ: Mapping[str, str], streams: list[str]) -> int:
        task = {"words": words, "environ": dict(environ), "streams": streams}
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(task).encode() + b"\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.communicate()


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """One answer. delay: seconds before it begins."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(slots=True)
class Site:
    """Answers by path; paths asked, in order."""

    origin: str
    answers: dict[str, Canned]
    asked: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
