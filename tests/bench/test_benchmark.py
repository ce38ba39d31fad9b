"""The benchmark draws pages, asks extractors, compares and tells as its page says."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.benchmark.classes import draw
from bench.benchmark.intervals import drawn_f1, interval
from bench.benchmark.peers import PEERS, LeftOutError, Peer, Ready, ready
from bench.benchmark.python_worker import EXTRACTORS
from bench.benchmark.results import Result, rows
from bench.benchmark.workers import Worker, check
from bench.scorer import TextMatch, match_text, text_rates
from tests.bench.test_examination import PAGE, ROOT, TRUTH, write_set

NODE_WORKER = ROOT / "bench" / "benchmark" / "node_worker.mjs"


def worker_of(script: str) -> Ready:
    """An extractor whose worker is a Python script."""
    return Ready(peer=Peer(label="made", package="made"), version="1", command=(sys.executable, "-c", script))


ANSWERING = """
import json, sys
print("{}", flush=True)
for line in sys.stdin:
    page = json.loads(line)
    if page["key"] == "dies": sys.exit(3)
    if page["key"] == "hangs": sys.stdin.read()
    print("no JSON" if page["key"] == "babbles" else json.dumps({"ms": 1.5, "text": page["key"]}), flush=True)
"""


def asked(worker: Worker, key: str) -> tuple[float, str, bool]:
    found = worker.ask(json.dumps({"key": key}).encode() + b"\n")
    return found["ms"], found.get("text", ""), "error" in found


def test_a_worker_that_dies_hangs_or_babbles_fails_on_that_page_alone() -> None:
    with Worker(worker_of(ANSWERING), page_seconds=2) as worker:
        for key, spent in (("dies", 0.0), ("hangs", 2000.0), ("babbles", 0.0)):
            assert asked(worker, key) == (spent, "", True)
            assert asked(worker, "a page") == (1.5, "a page", False)


def test_an_extractor_that_does_not_load_is_left_out_with_its_own_words() -> None:
    check(worker_of(ANSWERING))
    with pytest.raises(LeftOutError, match=r"does not load: ModuleNotFoundError.*no_such_extractor"):
        check(worker_of("import no_such_extractor"))
    with pytest.raises(LeftOutError, match="not installed"):
        ready(Peer(label="none", package="no-such-extractor"))


def test_every_extractor_has_a_worker() -> None:
    node = NODE_WORKER.read_text(encoding="utf-8")
    for peer in PEERS:
        assert (f'"{peer.label}":' in node) if peer.dom else (peer.label in EXTRACTORS)


MATCHES = st.lists(
    st.tuples(st.sampled_from(["", "a b c d e", "x y"]), st.sampled_from(["", "a b c d", "x y", "q"])).map(
        lambda pair: match_text(*pair)
    ),
    min_size=1,
    max_size=8,
)


@given(MATCHES)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_drawn_sets_score_as_sets_of_pages_do(matches: list[TextMatch]) -> None:
    values = drawn_f1(matches)
    bounds = interval(values)
    assert 0.0 <= bounds.low <= bounds.high <= 1.0
    if len(set(matches)) == 1:
        assert bounds.low == bounds.high == pytest.approx(text_rates(matches).f1)


def test_an_interval_holds_the_figure_and_narrows_with_pages() -> None:
    pages = [match_text("a b c d e", text) for text in ("a b c d e", "a b c d", "x", "a b c d e")]
    few, many = interval(drawn_f1(pages)), interval(drawn_f1(pages * 25))
    assert few.low < many.low < text_rates(pages).f1 < many.high < few.high


def test_others_are_compared_with_ours_on_the_same_pages() -> None:
    def results(texts: list[str], spent: float) -> list[Result]:
        return [
            Result(match=match_text("a b c d e", text), milliseconds=spent, failed=not text) for text in texts
        ]

    good, bad = ["a b c d e"] * 19 + ["x"], ["a b c d"] * 18 + ["x", ""]
    ours, worse, same = rows(
        {"Unabridged": results(good, 2.0), "worse": results(bad, 5.0), "same": results(good, 1.0)}
    )
    assert (ours.gap, ours.gap_bounds, ours.ratio, ours.failed) == (None, None, 1.0, 0)
    assert worse.gap_bounds is not None and worse.gap_bounds.high < 0 and worse.gap_bounds.excludes_zero
    assert (worse.ratio, worse.failed, same.gap, same.ratio) == (2.5, 1, 0.0, 0.5)
    assert same.gap_bounds is not None and not same.gap_bounds.excludes_zero


def corpora(folder: Path, sets: dict[str, int]) -> Path:
    for name, pages in sets.items():
        write_set(folder / "pages" / name, [{"id": str(number), **TRUTH} for number in range(pages)])
        for number in range(pages):
            (folder / "pages" / name / f"{number}.html.gz").write_bytes(gzip.compress(PAGE))
    return folder


def test_classes_are_drawn_in_turn_and_alike_from_their_sets(tmp_path: Path) -> None:
    folder = corpora(tmp_path / "some", {"fundus": 9, "scrapinghub": 2, "zhweb": 3, "mine": 4})
    drawn = draw(folder, frozenset(), 5)
    assert [page.group for page in drawn[:6]] == ["plain news", "Chinese"] * 3
    assert sorted(page.pages.name for page in drawn) == ["fundus"] * 3 + ["scrapinghub"] * 2 + ["zhweb"] * 3
    assert [page.case.key for page in draw(folder, frozenset(), 5)] == [page.case.key for page in drawn]
    assert {page.group for page in draw(folder, frozenset({"mine", "zhweb"}), 5)} == {"mine", "Chinese"}
    only_own = corpora(tmp_path / "own", {"mine": 2})
    assert [page.group for page in draw(only_own, frozenset(), 5)] == ["mine", "mine"]


def test_the_benchmark_of_a_stranger_tells_quality_and_time(tmp_path: Path) -> None:
    folder = corpora(tmp_path, {"mine": 3})
    done = subprocess.run(
        [sys.executable, "-m", "bench.benchmark", "--only", "none"],
        cwd=ROOT,
        env={**os.environ, "UNABRIDGED_CORPUS": str(folder), "SETS": "mine", "SAMPLE": "2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    row = next(line for line in done.stdout.splitlines() if line.startswith("| Unabridged "))
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert cells[1:6] == ["1.000", "1.000–1.000", "1.000", "1.000", ""]
    assert float(cells[6]) > 0 and cells[8:] == ["1.0", ""]
    assert "Pages: 2 of mine." in done.stdout
