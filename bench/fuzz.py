"""Seeded fuzz of `extract` and `parse_feed`: mutated pages and feeds, only our own errors allowed.

    python -m bench.fuzz extract|feed [--inputs N] [--seconds 30] [--seed 1] [--keep DIR]

Material is the corpora (UNABRIDGED_CORPUS) where there are some, else the sample publisher's files.
Every task runs under a CPU limit and a memory limit for the process; the input that breaks a rule is
written to DIR (default: a temporary folder) and named. Exit code 1 when a rule was broken. The same seed
makes the same inputs everywhere; with --inputs a run ends after so many, or after the time.
"""

import argparse
import itertools
import random
import resource
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.corpora import ROOT, corpus_folder, page_sets
from unabridged.errors import UnabridgedError
from unabridged.extraction import extract
from unabridged.feeds.parsing.parse import parse_feed

CPU_SECONDS = {"extract": 1.0, "feed": 10.0}
MEMORY_BYTES = 1_500_000_000
LARGEST_START = 600_000
"""Bytes of a starting page at most, so that a run sees many mutations instead of few large pages."""

Mutation = Callable[[bytes, random.Random], bytes]

FRAGMENTS = (
    b"<div>", b"</div>", b"<p>", b"<table><tr><td>", b"<script>", b"</script>", b"<!--", b"-->", b"<![CDATA[",
    b"]]>", b"<svg>", b"<math>", b"<template>", b"<select>", b"<noscript>", b"<plaintext>", b"<frameset>",
    b"&#xD800;", b"&#0;", b"&amp", b"&unknown;", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xf4\x90\x80\x80",
    b'<meta charset="utf-16">', b'<meta charset="gb2312">', b'<base href="javascript:1">', b"\xe2\x80\xae",
    b'<script type="application/ld+json">{"@graph":[[[[{"articleBody":', b'<time datetime="-0044-13-99">',
    b"<item><title>", b"<entry>", b'<!DOCTYPE a [<!ENTITY a "&a;&a;">]>', b"<rss>", b'xml:base="\\\\"',
    b"<a href='http://[::1'>", b"<img srcset=',,, 1x, http://a b c'>", b"<p hidden>",
    b"1970-01-01T00:00:00+99:99",
)  # fmt: skip


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _drop(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    return data[:start] + data[start + rng.randrange(2000) :]


def _flip(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.randrange(1, 60)):
        if out:
            out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def _insert(data: bytes, rng: random.Random) -> bytes:
    for _ in range(rng.randrange(1, 8)):
        at = rng.randrange(len(data) + 1)
        data = data[:at] + rng.choice(FRAGMENTS) + data[at:]
    return data


def _repeat(data: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(data) + 1)
    piece = data[start : start + rng.randrange(1, 400)]
    return data[:start] + piece * rng.randrange(2, 400) + data[start:]


def _nest(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return (
        data[:at]
        + rng.choice((b"<div>", b"<b>", b"<table>", b"<li>", b"<font>")) * rng.choice((50, 5000))
        + data[at:]
    )


def _swap_case_of_tags(data: bytes, rng: random.Random) -> bytes:
    return data.replace(
        rng.choice((b"<p", b"<div", b"</p>", b"</div>", b"class=")), rng.choice((b"<x", b"</", b"="))
    )


def _recode(data: bytes, rng: random.Random) -> bytes:
    codec = rng.choice(("utf-16", "gb18030", "big5", "shift_jis", "euc-kr", "windows-1251", "utf-7"))
    return data.decode("utf-8", "replace").encode(codec, "replace")


MUTATIONS: tuple[Mutation, ...] = (
    _cut,
    _drop,
    _flip,
    _insert,
    _insert,
    _repeat,
    _nest,
    _swap_case_of_tags,
    _recode,
)


def mutate(data: bytes, rng: random.Random) -> bytes:
    """Return the data after one to four random mutations."""
    for _ in range(rng.randrange(1, 5)):
        data = rng.choice(MUTATIONS)(data, rng)
    return data


def material(kind: str, rng: random.Random) -> list[Callable[[], bytes]]:
    """Return the starting inputs as functions that read them, in random order."""
    folder = corpus_folder()
    found: list[Callable[[], bytes]] = []
    if kind == "extract":
        found = [case.read for pages in page_sets(folder, frozenset(), None) for case in pages.cases]
        found = found or [path.read_bytes for path in (ROOT / "src/unabridged/sample").rglob("*.html")]
    else:
        feeds = [p for p in (folder / "feeds").glob("*") if p.name != "manifest.json"]
        cases = (folder / "feedparser-cases").rglob("*.xml")
        found = [path.read_bytes for path in sorted([*feeds, *cases])]
        found = found or [path.read_bytes for path in (ROOT / "src/unabridged/sample").rglob("*.xml")]
    rng.shuffle(found)
    return found


TASKS: dict[str, Callable[[bytes], object]] = {
    "extract": lambda data: extract(data, url="https://fuzz.example/a/b"),
    "feed": lambda data: parse_feed(data, url="https://fuzz.example/feed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A rule that an input broke."""

    rule: str
    data: bytes


def run(kind: str, inputs: int, seconds: float, seed: int) -> tuple[int, float, list[Broken]]:
    """Fuzz so many inputs or seconds; returns (inputs tried, worst CPU seconds, broken rules)."""
    rng = random.Random(seed)
    limit_memory()
    tried, worst = 0, 0.0
    broken: list[Broken] = []
    end = time.monotonic() + seconds
    for start in itertools.islice(_endless(material(kind, rng)), inputs):
        if time.monotonic() > end or len(broken) >= 5:
            break
        data = mutate(start()[:LARGEST_START], rng)
        spent, error = attempt(TASKS[kind], data)
        if spent > CPU_SECONDS[kind]:  # once more: another process may have thrashed the caches
            spent = min(spent, attempt(TASKS[kind], data)[0])
        tried, worst = tried + 1, max(worst, spent)
        if error is not None:
            broken.append(Broken(rule=error, data=data))
        elif spent > CPU_SECONDS[kind]:
            broken.append(Broken(rule=f"{spent:.2f} s of CPU for {len(data):,} bytes", data=data))
    return tried, worst, broken


def _endless(items: list[Callable[[], bytes]]) -> Iterator[Callable[[], bytes]]:
    while items:
        yield from items


def attempt(task: Callable[[bytes], object], data: bytes) -> tuple[float, str | None]:
    """Run one task; returns (CPU seconds, traceback of a foreign exception or None)."""
    began = time.process_time()
    try:
        task(data)
    except UnabridgedError:
        pass
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return time.process_time() - began, traceback.format_exc(limit=-4)
    return time.process_time() - began, None


def limit_memory() -> None:
    """Let the process have MEMORY_BYTES of address space more than now."""
    now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY_BYTES, resource.RLIM_INFINITY))


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kind", choices=sorted(TASKS))
    parser.add_argument("--inputs", type=int, default=sys.maxsize)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path)
    args = parser.parse_args()
    tried, worst, broken = run(args.kind, args.inputs, args.seconds, args.seed)
    print(
        f"{args.kind}: {tried} mutated inputs, worst {worst:.2f} s of CPU, "
        f"{len(broken)} broke a rule (seed {args.seed})."
    )
    keep = args.keep or (Path(tempfile.mkdtemp(prefix="fuzz-")) if broken else None)
    for number, case in enumerate(broken):
        assert keep is not None
        keep.mkdir(parents=True, exist_ok=True)
        path = keep / f"{args.kind}-{args.seed}-{number}.bin"
        path.write_bytes(case.data)
        print(f"\n{path}\n{case.rule}", file=sys.stderr)
    return 1 if broken or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
