"""A command line run as people run it, and a small web site with canned answers."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.cli.tools import Canned, Done, Host, Run, Site


@contextmanager
def serving_site() -> Iterator[Site]:
    """A web server on a free loopback port; fill `site.answers`."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.asked.append(self.path)
            answer = made.answers.get(self.path, Canned(status=404, body=b"<p>nothing here</p>"))
            made.closing.wait(answer.delay)
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    made = Site(origin=f"http://127.0.0.1:{server.server_port}", answers={})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    made.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A web server of the test's own."""
    with serving_site() as made:
        yield made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """A process that has loaded the command line and runs it in forks of itself."""
    with Host() as one:
        yield one


def environment(home: Path) -> dict[str, str]:
    """Return the environment that the program is run in."""
    return {
        "PATH": os.environ["PATH"],
        "UNABRIDGED_HOME": str(home),
        "UNABRIDGED_FETCH_ALLOW_PRIVATE": "127.0.0.1",
        "UNABRIDGED_FETCH_PER_HOST_GAP": "0",
        "UNABRIDGED_POLL_WORKERS": "1",
        "UNABRIDGED_ARCHIVE_IMAGES": "none",
        "COLUMNS": "160",
    }


@pytest.fixture
def environ(home: Path) -> dict[str, str]:
    return environment(home)


@pytest.fixture
def run(
    host: Host,
    home: Path,
    empty_file: Path,
    environ: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Run:
    """Run `unabridged …` on an archive that is there; extra keyword arguments are environment variables."""

    def call(*words: str, stdin: bytes = b"", **more: str) -> Done:
        if not home.exists():
            home.mkdir()
            shutil.copy(empty_file, home / "unabridged.sqlite")
        return host.run(words, environ | more, stdin, tmp_path_factory.mktemp("streams"))

    return call


@pytest.fixture
def started(environ: dict[str, str]) -> Run:
    """Run `python -m unabridged …` as people start it: about a second each."""

    def call(*words: str, stdin: bytes = b"", **more: str) -> Done:
        return subprocess.run(
            [sys.executable, "-m", "unabridged", *words],
            input=stdin,
            capture_output=True,
            env=environ | more,
            check=False,
            timeout=300,
        )

    return call
