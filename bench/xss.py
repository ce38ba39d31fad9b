"""Count recorded HTML attacks that are inert after sanitising; --browser: in a real browser too.

    python -m bench.xss [FILE] [--browser] [--control=N]

Each payload goes three ways: through `sanitise` alone, through `clean_fragment` (a feed's entry), through
`extract` (a page). What comes out is parsed again and held against an allow-list of its own, written apart
from the policy's; cleaning must also be idempotent.
"""

import json
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import lxml.html
import turbohtml

from bench.corpora import corpus_folder
from bench.figures import Figure
from bench.xss_browser import open_gate
from unabridged.errors import NotAPage
from unabridged.extraction import extract
from unabridged.extraction.body.fragment import clean_fragment, sanitise

ELEMENTS = frozenset(
    """
    a abbr address article aside b bdi bdo blockquote br caption center cite code dd del details dfn div dl
    dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark ol p pre q
    rb rp rt rtc ruby s samp section small span strong sub summary sup table tbody td tfoot th thead time tr
    u ul var wbr
    math mrow mi mo mn ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom merror msub msup msubsup
    munder mover munderover mmultiscripts mprescripts mtable mtr mtd
    """.split()
)
ATTRIBUTES = frozenset(
    """
    href src alt title width height id lang dir start value reversed colspan rowspan scope datetime rel
    loading referrerpolicy display alttext accent accentunder class columnspan displaystyle fence form largeop
    linethickness mathvariant movablelimits rowspan scriptlevel separator stretchy symmetric
    """.split()
)
STORY = "<p>" + "The council met on Tuesday to decide about the bridge, and it decided to wait. " * 8 + "</p>"


def faults(html: str) -> Iterator[str]:
    """Name everything in cleaned HTML that could run, load or lead astray."""
    for element in turbohtml.parse(html).iter_elements():
        if element.tag not in ELEMENTS | {"html", "head", "body"}:
            yield f"element {element.tag}"
        for name, value in element.attrs.items():
            yield from _attribute_faults(element.tag, name, str(value))
    if html.strip():
        for node in lxml.html.fragment_fromstring(html, create_parent="div").iter():
            if not isinstance(node.tag, str) or node.tag not in ELEMENTS:
                yield f"node {node.tag!r} for another parser"
            for name in node.attrib:
                if name not in ATTRIBUTES:
                    yield f"attribute {name} for another parser"


def _attribute_faults(tag: str, name: str, value: str) -> Iterator[str]:
    if name not in ATTRIBUTES:
        yield f"attribute {name} of {tag}"
    if name == "id" and not value.startswith("fn-"):
        yield f"id {value}"
    if name == "src" and urlsplit(value).scheme not in ("http", "https"):
        yield f"src {value[:80]}"
    if name == "href" and urlsplit(value).scheme not in ("http", "https", "mailto") and value[:4] != "#fn-":
        yield f"href {value[:80]}"


@cache
def ways(payload: str) -> tuple[tuple[str, str], ...]:
    """Return (way, cleaned HTML) for each way a payload can come in."""
    page = f"<!doctype html><title>A story</title><article>{STORY}{payload}{STORY}</article>"
    try:
        body = extract(page, url="https://site.example/a/b").html
    except NotAPage:
        body = ""
    fragment = clean_fragment(payload, base="https://site.example/a/b")
    return ("sanitise", sanitise(payload)), ("fragment", fragment), ("page", body)


def check(payload: str) -> list[str]:
    """Return what is wrong with a payload's cleaned forms; [] for nothing."""
    found = []
    for way, html in ways(payload):
        found += [f"{way}: {fault}" for fault in faults(html)]
        if sanitise(html) != html:
            found.append(f"{way}: cleaning it again changes it")
    return found


def _file(corpus: Path) -> Path:
    return corpus if corpus.is_file() else corpus / "attacks" / "xss-vectors.jsonl"


def read_vectors(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.strip()]


def score(corpus: Path) -> dict[str, Any]:
    """Judge every vector of a corpus folder (or a .jsonl file): vectors, clean, and what is wrong."""
    vectors = read_vectors(_file(corpus))
    wrong = {row["id"]: found for row in vectors if (found := check(row["payload"]))}
    return {"vectors": len(vectors), "clean": len(vectors) - len(wrong), "wrong": wrong}


def figures(corpus: Path) -> list[Figure]:
    """Return the one row of this check."""
    found = score(corpus)
    detail = "; ".join(f"{name}: {what[0]}" for name, what in list(found["wrong"].items())[:5])
    share = found["clean"] / max(1, found["vectors"])
    return [Figure(part="xss", measure="inert", cases=found["vectors"], value=share, detail=detail)]


def main() -> int:
    """Print the score; 0 when every vector is inert."""
    arguments = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
    corpus = Path(arguments[0]) if arguments else corpus_folder()
    found = score(corpus)
    for name, what in found["wrong"].items():
        print(f"{name}: {'; '.join(what[:3])}")
    print(f"{found['clean']} of {found['vectors']} inert")
    ran = _browse(read_vectors(_file(corpus))) if "--browser" in sys.argv else 0
    return max(ran, int(bool(found["wrong"])))


def _browse(vectors: list[dict[str, Any]]) -> int:
    """Try every vector in a browser, cleaned and raw; 0 when only the raw ones run."""
    raw = {row["id"]: row["payload"] for row in vectors}
    tried = min(len(raw), _control())
    with open_gate() as gate:
        control = gate.try_raw(dict(list(raw.items())[:: max(1, len(raw) // tried)]))
        cleaned = gate.try_cleaned(
            {f"{i} {way}": html for i, text in raw.items() for way, html in ways(text)}
        )
    for what in cleaned:
        print(f"browser: {what}")
    print(f"browser: {len(cleaned)} faults after cleaning; {len(control)} of {tried} ran raw")
    return 0 if not cleaned and len(control) > tried // 10 else 1


def _control() -> int:
    """Raw vectors tried as a control: a clean result means nothing unless many of them run."""
    given = [argument.partition("=")[2] for argument in sys.argv if argument.startswith("--control=")]
    return max(1, int(given[0])) if given else 100_000


if __name__ == "__main__":
    sys.exit(main())
