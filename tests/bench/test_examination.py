"""The examination runs on a stranger's pages, and names what is wrong with them."""

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.corpora import page_sets

ROOT = Path(__file__).resolve().parents[2]
SENTENCES = [
    f"On day {day} the boat left the harbour with {day * 7} passengers on board." for day in range(12)
]
PAGE = (
    "<html><head><title>A boat leaves</title><meta property='og:title' content='A boat leaves'>"
    "<meta property='article:published_time' content='2026-11-30T08:00:00Z'></head><body>"
    "<nav><a href='/'>Home</a> <a href='/s'>Sport</a></nav><article><h1>A boat leaves</h1>"
    + "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    + "</article><footer>Imprint and terms of use</footer></body></html>"
).encode()
TRUTH = {"text": "\n".join(SENTENCES), "title": "A boat leaves", "date": "2026-11-30"}


def write_set(folder: Path, truths: list[Any]) -> None:
    folder.mkdir(parents=True)
    lines = (truth if isinstance(truth, str) else json.dumps(truth) for truth in truths)
    (folder / "truth.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_pages_of_a_stranger_are_examined_by_the_project_alone(tmp_path: Path) -> None:
    folder = tmp_path / "corpora" / "pages" / "mine"
    write_set(folder, [{"id": "a", **TRUTH}, {"id": "b", **TRUTH}, {"id": "not there", **TRUTH}])
    (folder / "a.html.gz").write_bytes(gzip.compress(PAGE))
    (folder / "b.html").write_bytes(PAGE)
    report = tmp_path / "report.md"
    environ = {**os.environ, "UNABRIDGED_CORPUS": str(tmp_path / "corpora"), "REPORT": str(report)}
    for name in ("SETS", "SAMPLE", "PEERS", "FLOORS"):
        environ.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "bench.corpus"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:5]] for line in report.read_text().splitlines()[2:]]
    assert rows == [["mine", "2", measure, "1.000"] for measure in ("text F1", "title", "date")]
    assert "2 pages (1 left out)" in done.stdout


@pytest.mark.parametrize(
    ("truth", "complaint"),
    [
        ("{", "line 2 is not JSON"),
        (["a"], "a truth is a JSON object"),
        ({"text": "x"}, "`id` must be"),
        ({"id": "../a"}, "`id` must be"),
        ({"id": "a", "with": "Read more"}, "`with` must be a list of strings"),
        ({"id": "a", "text": None}, "`text` must be a string"),
    ],
)
def test_a_wrong_truth_is_named_by_its_line(tmp_path: Path, truth: Any, complaint: str) -> None:
    write_set(tmp_path / "pages" / "mine", [{"id": "a", **TRUTH}, truth])
    with pytest.raises(SystemExit, match="line 2") as raised:
        list(page_sets(tmp_path, frozenset(), None))
    assert complaint in str(raised.value)
