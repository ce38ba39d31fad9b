"""APIs of reader apps over HTTP, on an archive of 1,000 feeds and 200,000 articles: time, bound, bytes.

Run `python -m bench.doors`; --home keeps the archive for the next run. Miniflux with the same entries answers
the calls of its own API in turn with ours. Times include Python's HTTP client; on a busy machine look at the
CPU time of the server.
"""

import argparse
import hashlib
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import miniflux
from bench.debian_package import Unavailable
from bench.reader import Program, beside, cpu_of, fill, serving
from unabridged.archive.facade.archive import Archive

API = "/reader/api/0"
LIST = "user/-/state/com.google/reading-list"
READ = "user/-/state/com.google/read"
UNREAD = "/v1/entries?status=unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request. bound: milliseconds that its median may take, None without one. body: of a POST."""

    name: str
    path: str
    body: dict[str, str | list[str]] | None = None
    bound: float | None = None


@dataclass(slots=True)
class Measured:
    """Milliseconds of the answers, those of the server's CPU, and the bytes of one."""

    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    size: int = 0


@contextmanager
def sample_feed() -> Iterator[str]:
    """Run a sample publisher; yield the address of a feed of its."""
    command = [sys.executable, "-m", "unabridged", "sample"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield next(filter(None, (re.search(r"http://\S+/feeds/\S+", line) for line in process.stdout)))[0]
        finally:
            process.terminate()


def requests(key: str, numbers: list[str], since: int, feed: str) -> tuple[Asked, ...]:
    """Return what is asked.

    key: of Fever; numbers: of 250 items; since: seconds since 1970; feed: of another site.
    """
    fever = {"api_key": key}
    return (
        Asked(name="ids, 10,000", path=f"{API}/stream/items/ids?s={LIST}&n=10000", bound=50),
        Asked(name="ids, 10,000 unread", path=f"{API}/stream/items/ids?s={LIST}&xt={READ}&n=10000", bound=50),
        Asked(name="ids of a folder", path=f"{API}/stream/items/ids?s=user/-/label/Folder 00&n=10000"),
        Asked(name="ids of a feed, unread", path=f"{API}/stream/items/ids?s=feed/7&xt={READ}&n=1000"),
        Asked(name="contents, 250", path=f"{API}/stream/contents/{LIST}?n=250", bound=100),
        Asked(
            name="contents by number, 250",
            path=f"{API}/stream/items/contents",
            body={"i": numbers},
            bound=100,
        ),
        Asked(name="contents of a feed, 50", path=f"{API}/stream/contents/feed%2F7?n=50"),
        Asked(name="Atom of a feed, 20", path="/reader/atom/feed%2F7?n=20"),
        Asked(name="subscription/list", path=f"{API}/subscription/list"),
        Asked(name="unread-count", path=f"{API}/unread-count"),
        Asked(name="tag/list", path=f"{API}/tag/list"),
        Asked(name="Miniflux entries, 100", path="/v1/entries?limit=100", bound=20),
        Asked(name="Miniflux entries, 100 newest unread", path=f"{UNREAD}&direction=desc&limit=100"),
        Asked(name="Miniflux entries of a feed", path="/v1/feeds/7/entries?direction=desc&limit=100"),
        Asked(name="Miniflux entries changed since", path=f"/v1/entries?limit=100&changed_after={since}"),
        Asked(name="Miniflux feeds", path="/v1/feeds"),
        Asked(name="Miniflux counters", path="/v1/feeds/counters"),
        Asked(name="/feed?url= warm, RSS", path=f"/feed?format=rss&url={feed}", bound=10),
        Asked(name="Fever items since_id", path="/fever/?api&items&since_id=100000", body={**fever}),
        Asked(name="Fever unread_item_ids", path="/fever/?api&unread_item_ids", body={**fever}),
        Asked(name="Fever groups, feeds", path="/fever/?api&groups&feeds", body={**fever}),
    )


def measure(programs: Sequence[Program], asked: Asked, times: int) -> list[Measured]:
    """Ask the programs in turns. The first one knows all calls, others those of Miniflux."""
    asks = programs if asked.path.startswith("/v1/") else programs[:1]
    found = [Measured() for _ in asks]
    for turn in range(times + 1):
        for one, program in zip(found, asks, strict=True):
            _measure_once(one, program, asked, counts=turn > 0)  # the first one warms up
    return found


def _measure_once(found: Measured, program: Program, asked: Asked, *, counts: bool) -> None:
    began, worked, client = time.perf_counter(), cpu_of(program, float), program.client
    answer = client.get(asked.path) if asked.body is None else client.post(asked.path, data=asked.body)
    took = 1000 * (time.perf_counter() - began)
    answer.raise_for_status()
    found.size = len(answer.content)
    if counts:
        found.times.append(took)
        found.cpu.append(1000 * (cpu_of(program, float) - worked))


def _miniflux(stack: ExitStack, feeds: int, articles: int) -> Sequence[Program]:
    """Run Miniflux with the same entries, logged in to its API; nothing where it cannot be had."""
    try:
        other, _ = beside(stack, feeds, max(1, articles // feeds))
    except Unavailable as exc:
        Console().print(f"Without Miniflux: {exc}")
        return ()
    other.client.auth = (miniflux.USER, miniflux.PASSWORD)
    return (other,)


def show(asked: Sequence[Asked], measured: Sequence[Sequence[Measured]]) -> bool:
    """Print a table. Return true if a bound was exceeded."""
    table, slow = (
        Table("request", "median ms", "95 % ms", "CPU ms", "bound ms", "bytes", "Miniflux ms"),
        False,
    )
    for one, (ours, *others) in zip(asked, measured, strict=True):
        median, late = statistics.median(ours.times), statistics.quantiles(ours.times, n=20)[-1]
        slow = slow or (one.bound is not None and median > one.bound)
        bound = "" if one.bound is None else f"{one.bound:.0f}"
        theirs = "".join(f"{statistics.median(other.times):.1f}" for other in others)
        cpu = f"{statistics.median(ours.cpu):.1f}"
        table.add_row(one.name, f"{median:.1f}", f"{late:.1f}", cpu, bound, f"{ours.size:,}", theirs)
    Console().print(table)
    return slow


def main() -> None:
    """Fill an archive unless there is one, ask, print a table; exit 1 if a bound is exceeded."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--requests", type=int, default=20, help="of each kind")
    parser.add_argument("--home", type=Path, help="keep the archive here")
    parser.add_argument("--alone", action="store_true", help="without Miniflux")
    given = parser.parse_args()
    os.environ |= {"UNABRIDGED_SERVE_FEVER": "true", "UNABRIDGED_FETCH_ALLOW_PRIVATE": "127.0.0.0/8"}
    with ExitStack() as stack:
        home = given.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home.mkdir(parents=True, exist_ok=True)
        fresh = not (home / "unabridged.sqlite").exists()
        with Archive(f"sqlite:///{home}/unabridged.sqlite") as archive:
            if fresh:
                fill(archive, given.feeds, max(1, given.articles // given.feeds))
            token = archive.library().tokens.add("bench", now=datetime.now(UTC))
        program = stack.enter_context(serving(home))
        client = program.client
        client.headers["X-Auth-Token"] = token.secret
        client.headers["Authorization"] = f"GoogleLogin auth=owner/{token.secret}"
        key = hashlib.md5(f"{token.token.user_name}:{token.secret}".encode()).hexdigest()
        refs = client.get(f"{API}/stream/items/ids?s={LIST}&n=250").json()["itemRefs"]
        since = int(time.time()) - 3600
        feed = stack.enter_context(sample_feed())
        asked = requests(key, [ref["id"] for ref in refs], since, feed)
        programs = [program] if given.alone else [program, *_miniflux(stack, given.feeds, given.articles)]
        slow = show(asked, [measure(programs, one, given.requests) for one in asked])
    sys.exit(1 if slow else 0)


if __name__ == "__main__":
    main()
