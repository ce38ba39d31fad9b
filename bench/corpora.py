"""The corpora on disk: which sets there are, their pages and truths.

UNABRIDGED_CORPUS names the folder (default `../shared/corpus` beside the project). The layout is
`pages/<set>/<id>.html.gz` (or `<id>.html`) + `truth.jsonl`, `sites/<source>__<host>/…` alike, `feeds/`,
`feedparser-cases/`, `site-config/`, `attacks/`. Sets are found by looking, so that the same
command examines us on any other folder. docs/how-to/examination.md tells the fields of truths.
"""

import gzip
import json
import os
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
TITLE_IN_TEXT = frozenset({"daniel"})
"""Sets whose true texts begin with the title: they are scored with title + text."""
LEAST_GOLD_IN_PAGE = 0.8
"""Below this share of its true text inside the page, a truth is taken for wrong and left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One page with its truth. key: unique in its set; host: "" where unknown."""

    key: str
    path: Path
    truth: dict[str, Any]

    @property
    def url(self) -> str | None:
        return self.truth.get("url")

    @property
    def host(self) -> str:
        return self.truth.get("host") or ""

    def read(self) -> bytes:
        data = self.path.read_bytes()
        return gzip.decompress(data) if self.path.suffix == ".gz" else data


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSet:
    """Pages of one kind of truth."""

    name: str
    cases: tuple[Case, ...]
    title_in_text: bool = False
    left_out: int = field(default=0)


def corpus_folder() -> Path:
    """Return the folder of the corpora; it need not exist."""
    named = os.environ.get("UNABRIDGED_CORPUS")
    return Path(named).expanduser() if named else SHARED / "corpus"


def page_sets(folder: Path, wanted: frozenset[str], sample: int | None) -> Iterator[PageSet]:
    """Yield the page sets in order of their names; `wanted` empty means all; `sample` pages at most."""
    grouped: dict[str, list[Path]] = {}
    for path in sorted((folder / "pages").glob("*/truth.jsonl")):
        grouped.setdefault(path.parent.name, []).append(path.parent)
    for path in sorted((folder / "sites").glob("*/truth.jsonl")):
        grouped.setdefault("sites " + path.parent.name.partition("__")[0], []).append(path.parent)
    for name, folders in grouped.items():
        if not wanted or name in wanted or name.split()[0] in wanted or name.split()[-1] in wanted:
            yield from _split(name, folders, sample)


def _split(name: str, folders: list[Path], sample: int | None) -> Iterator[PageSet]:
    cases, left_out = _cases(folders)
    parts: dict[str, list[Case]] = {}
    for case in cases:
        parts.setdefault(case.truth.get("page_type") or "", []).append(case)
    for part, members in parts.items():
        chosen = tuple(_sampled(members, sample))
        label = f"{name} {part}".strip()
        yield PageSet(name=label, cases=chosen, title_in_text=name in TITLE_IN_TEXT, left_out=left_out)
        left_out = 0
        chinese = tuple(case for case in chosen if case.truth.get("lang") == "zh")
        if chinese and len(chinese) < len(chosen) and not part:
            yield PageSet(name=f"{label} zh", cases=chinese, title_in_text=name in TITLE_IN_TEXT)


def _cases(folders: list[Path]) -> tuple[list[Case], int]:
    cases, left_out = [], 0
    for folder in folders:
        for truth in read_truths(folder / "truth.jsonl"):
            path = _page(folder, truth["id"])
            if truth.get("gold_in_page", 1.0) < LEAST_GOLD_IN_PAGE or path is None:
                left_out += 1
                continue
            if "text" in truth:
                truth["text"] = mended_text(truth["text"])
            cases.append(
                Case(key=f"{folder.name}/{truth['id']}", path=path, truth={**truth, "id": path.stem})
            )
    return cases, left_out


def read_truths(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the truths of a set, one JSON object a line. Ends the program at a line that is none."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            continue
        try:
            truth = json.loads(line)
        except ValueError as error:
            raise SystemExit(f"{path}, line {number} is not JSON: {error}.") from error
        if fault := _fault(truth):
            raise SystemExit(f"{path}, line {number}: {fault}. See docs/how-to/examination.md.")
        yield truth


def _fault(truth: object) -> str | None:
    if not isinstance(truth, dict):
        return "a truth is a JSON object"
    name = truth.get("id")
    if not isinstance(name, str) or not name or name.startswith("/") or ".." in name.split("/"):
        return "`id` must be the page's file name without .html.gz"
    wrong = (
        f"`{key}` must be {words}" for key, (kind, words) in FIELD_TYPES.items() if not _is(truth, key, kind)
    )
    return next(wrong, None)


def _is(truth: dict[str, Any], key: str, kind: type) -> bool:
    return key not in truth or isinstance(truth[key], kind)


FIELD_TYPES: dict[str, tuple[type, str]] = {
    "text": (str, "a string"),
    "with": (list, "a list of strings"),
    "without": (list, "a list of strings"),
    "gold_in_page": (Real, "a number"),
}
"""Fields of a truth that decide how a page is scored: the type, and its name in a message."""


def _page(folder: Path, name: str) -> Path | None:
    found = (folder / f"{name}{ending}" for ending in (".html.gz", ".html"))
    return next((path for path in found if path.is_file()), None)


def mended_text(text: str) -> str:
    """Return a true text without what got into it by mistake.

    Some of dragnet's were UTF-16 read as if they were not, and some hold the readers' comments, below the
    line of signs by which its makers parted them from the article.
    """
    if "\0" in text:
        text = text.replace("\0", "").lstrip("\ufeff\ufffd")
    return _COMMENTS_BELOW.split(text, maxsplit=1)[0].rstrip() if "$%" in text else text


_COMMENTS_BELOW = re.compile(r"^\s*!?@?[@# ]{0,3}\$%[$%^&*()]+.*$", re.MULTILINE)


def _sampled(cases: list[Case], sample: int | None) -> list[Case]:
    if sample is None or sample >= len(cases):
        return cases
    return random.Random(0).sample(cases, sample)
