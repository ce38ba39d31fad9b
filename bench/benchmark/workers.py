"""Processes of the extractors: each answers pages, one at a time, within a limit of seconds."""

import base64
import json
import os
import selectors
import subprocess
import tempfile
import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from bench.benchmark.peers import PROJECT, LeftOutError, Ready
from bench.corpora import Case

PAGE_SECONDS = 30
"""Limit for one page."""
START_SECONDS = 60
"""Limit for the start of a worker, which imports its extractor."""
READ_BYTES = 1 << 20
MOST_BYTES = 100 << 20
"""Limit for one answer."""
MOST_OF_ERRORS = 4096
MOST_OF_A_LINE = 200


class Worker:
    """The process of one extractor, started when it is first asked, and again after it was ended."""

    def __init__(self, ready: Ready, page_seconds: float = PAGE_SECONDS) -> None:
        self.ready = ready
        self.page_seconds = page_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed on exit

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()
        self._errors.close()

    def ask(self, message: bytes) -> dict[str, Any]:
        """Return the answer to one page. One that does not come in time has "error", and the time as "ms"."""
        try:
            process = self._process or self.start()
            assert process.stdin is not None
            process.stdin.write(message)
            process.stdin.flush()
            line = self._line(process, self.page_seconds)
            found: dict[str, Any] = json.loads(line)
        except (OSError, TimeoutError, ValueError) as error:
            self.end()
            spent = self.page_seconds * 1000 if isinstance(error, TimeoutError) else 0.0
            return {"ms": spent, "error": f"the worker was ended: {error}"}
        return found

    def end(self) -> None:
        """End the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process and wait until its extractor is loaded. Raises OSError or TimeoutError."""
        self._process = subprocess.Popen(
            list(self.ready.command),
            cwd=PROJECT,
            env={**os.environ, "NODE_NO_WARNINGS": "1", **self.ready.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
        )
        self._line(self._process, START_SECONDS)
        return self._process

    def last_error(self) -> str:
        """Return the last line that the process wrote to stderr."""
        self._errors.seek(0, os.SEEK_END)
        self._errors.seek(max(0, self._errors.tell() - MOST_OF_ERRORS))
        lines = self._errors.read().decode("utf-8", "replace").strip().split("\n")
        return lines[-1][:MOST_OF_A_LINE]

    def _line(self, process: subprocess.Popen[bytes], seconds: float) -> bytes:
        deadline = time.monotonic() + seconds
        assert process.stdout is not None
        received = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            while not received.endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError(f"no answer in {seconds:g} seconds")
                piece = os.read(process.stdout.fileno(), READ_BYTES)
                if not piece or len(received) > MOST_BYTES:
                    raise OSError("no answer")
                received += piece
        return bytes(received)


def check(ready: Ready) -> None:
    """Start an extractor's worker once. Raises LeftOutError if it does not load."""
    with Worker(ready) as worker:
        try:
            worker.start()
        except (OSError, TimeoutError) as error:
            raise LeftOutError(f"does not load: {worker.last_error() or error}") from error


def message_of(case: Case, html: bytes, text: str | None) -> bytes:
    """Return the line that asks for one page. text: the page decoded, for extractors that take no bytes."""
    page: Mapping[str, Any] = {
        "data": "" if text is not None else base64.b64encode(html).decode("ascii"),
        "text": text,
        "url": case.url,
        "host": case.host,
        "key": case.key,
    }
    return json.dumps(page).encode() + b"\n"
