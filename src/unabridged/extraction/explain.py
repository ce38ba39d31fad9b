"""Explanation of an extraction: every block of a page, with the evidence for and against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from unabridged.extraction.article import base_of, extract
from unabridged.extraction.html.dom import Element, parse
from unabridged.extraction.metadata.read import Metadata, read_metadata
from unabridged.extraction.selection import select
from unabridged.model import Article
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedBlock:
    """One block of a page.

    score: log-odds of the block alone, without its neighbours. evidence: strongest first. removed: the block
    was selected, but removed from the body: the repeated headline, a by-line, a caption, a boilerplate line.
    place: the elements around it, innermost last ("article div.body p").
    """

    kept: bool
    removed: bool
    score: float
    text: str
    place: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The decisions made about a page.

    confidence: 0-1. method: how the blocks were selected, in words. article: the result of `extract`.
    kinds: probability of every kind of page, the highest first.
    """

    rows: tuple[ExplainedBlock, ...]
    method: str
    confidence: float
    metadata: Metadata
    article: Article
    notes: tuple[str, ...] = ()
    kinds: Mapping[str, float] = field(default_factory=dict)


def explain(
    html: bytes | str, *, url: str | None = None, content_type: str | None = None, now: datetime | None = None
) -> Explanation:
    """Extract a page and list, block by block, what was kept or dropped and why.

    Raises NotAPage and InvalidURL as `extract` does.
    """
    article = extract(html, url=url, content_type=content_type, now=now)
    written = letters_only(article.text)
    dom = parse(html, content_type=content_type)
    metadata = read_metadata(dom, url=url, now=now)
    base = base_of(dom, url or metadata.canonical_url)
    selection = select.select(dom, title=metadata.title, description=metadata.summary, url=base)
    rows = tuple(
        ExplainedBlock(
            kept=block.kept and letters_only(block.text) in written,
            removed=block.kept and letters_only(block.text) not in written,
            score=block.score,
            text=block.text,
            place=place_of(block.container),
            evidence=tuple(f"{describe_column(reason.what)} {reason.weight:+.1f}" for reason in reasons),
        )
        for block, reasons in select.explain(selection)
    )
    return Explanation(
        rows=rows,
        method=describe_method(selection.method),
        confidence=selection.confidence,
        metadata=metadata,
        article=article,
        notes=dom.notes,
        kinds=dict(sorted(selection.kinds.items(), key=lambda pair: -pair[1])),
    )


def place_of(element: Element, levels: int = 4) -> str:
    """Name an element by its tag and first class or id, after the elements around it."""
    names: list[str] = []
    current: object = element
    while isinstance(current, Element) and len(names) < levels and current.tag not in ("body", "html"):
        names.append(current.tag + _mark(current))
        current = current.parent
    return " ".join(reversed(names))


def _mark(element: Element) -> str:
    if name := element.attr("id"):
        return f"#{name.split()[0][:40]}" if name.strip() else ""
    classes = (element.attr("class") or "").split()
    return f".{classes[0][:40]}" if classes else ""


_DESCRIPTIONS = {
    "size": "its length",
    "long": "how long it is",
    "linked": "how much of it is links",
    "bold": "how much of it is bold",
    "stop": "whether it ends like a sentence",
    "commas": "its commas",
    "stops": "its full stops",
    "digits": "its digits",
    "upper": "its capitals",
    "signs": "signs such as | and ©",
    "colon": "a colon at its end",
    "word length": "the length of its words",
    "prose": "how much prose it is",
    "cjk": "Chinese or Japanese script",
    "class sum": "the class names around it",
    "class least": "the worst class name around it",
    "class most": "the best class name around it",
    "class typical": "the page's usual class names",
    "class over typical": "its class names compared with the page's usual ones",
    "class": "the class names of {container}",
    "opener": "the element it opens with",
    "words": "its first words",
    "hidden": "it is hidden",
    "page hidden": "the page hides much",
    "is p": "it is a paragraph",
    "is heading": "it is a heading",
    "is h1": "it is a main heading",
    "is item": "it is a list item",
    "is cell": "it is a table cell",
    "is div": "it is bare text in a div",
    "is quote": "it is a quotation",
    "is caption": "it is a caption",
    "is control": "it is a button or a label",
    "in nav": "whether it is in navigation",
    "in aside": "whether it is in an aside",
    "in footer": "whether it is in a footer",
    "in header": "whether it is in a header",
    "in figure": "whether it is in a figure",
    "in article": "whether it is in an article element",
    "in main": "whether it is in the main element",
    "in table": "whether it is in a table",
    "in ul": "whether it is in a list",
    "title words": "words it shares with the title",
    "description start": "words it shares with the description",
    "title words around": "words around it shared with the title",
    "page title words": "words of the page shared with the title",
    "share": "the share of the page's prose in {container}",
    "purity": "how much of {container} is prose",
    "links": "links in {container}",
    "blocks": "how many blocks {container} holds",
    "inside": "the smallest container that holds most of the prose",
    "in best parent": "the container with most paragraphs: inside or not",
    "before best": "it is before the container with most paragraphs",
    "after best": "it is after the container with most paragraphs",
    "best class": "class names of the container with most paragraphs",
    "best share": "the prose in the container with most paragraphs",
    "beside best": "it is beside the container with most paragraphs",
    "home is best": "it is directly in the container with most paragraphs",
    "child of best": "it is just below the container with most paragraphs",
    "series": "how many blocks are of its kind",
    "series prose": "how much of its kind is prose",
    "series links": "how much of its kind is links",
    "series words": "first words of its kind",
    "series size": "the length of its kind",
    "prose before": "how much of the prose came before",
    "place": "how far down the page it is",
    "page blocks": "how many blocks the page has",
    "page prose": "how much prose the page has",
    "page purity": "how much of the page is prose",
    "since prose": "how far above it the last prose is",
    "until prose": "how far below it the next prose is",
    "title": "it is the title",
    "has title": "the page shows its title",
    "after title": "it is after the title",
    "before title": "it is before the title",
    "described": "it repeats the page's description",
    "repeated": "it repeats another block",
    "repeated size": "how much of it is repeated",
    "in data": "the structured data's article holds it",
    "around": "{what} around it",
    "last marker": "it follows a label such as 'Comments'",
    "last heading": "the heading above it",
}
_NEAR = lazy_regex(r"(.+) ([+-][12])$")
_AROUND = lazy_regex(r"(prose|linked|size) around (\d)$")
_LEVEL = lazy_regex(r"(.+) ([0-4]|0\.\d+)$")
_CONTAINERS = ("its container", *(f"the container {n} above" for n in ("one", "two", "three", "four")))


def describe_column(column: str) -> str:
    """Describe what a feature column measures; an unknown column is described by its name."""
    if found := _NEAR.match(column):
        where = "above" if found[2][0] == "-" else "below"
        return f"the block {'next ' if found[2][1] == '2' else ''}{where}: {describe_column(found[1])}"
    if found := _AROUND.match(column):
        what = {"prose": "prose", "linked": "links", "size": "lengths"}[found[1]]
        return f"the {what} of the {found[2]} blocks on either side"
    if column not in _DESCRIPTIONS and (found := _LEVEL.match(column)):
        if found[1] == "inside":
            share = round(float(found[2]) * 100)
            return f"the smallest container with {share} % of the prose: inside or not"
        level = int(found[2])
        if found[1] in ("words", "title words", "description start"):
            return f"{describe_column(found[1])}, in {_CONTAINERS[level]}"
        return _DESCRIPTIONS.get(found[1], column).format(container=_CONTAINERS[level])
    return _DESCRIPTIONS.get(column, column)


METHODS = {
    "best container": "the container with most paragraphs",
    "around best container": "the container above the one with most paragraphs",
    "holder": "the smallest container with most of the prose",
    "after title": "what follows the title",
    "whole content": "block by block, as on a list, a product, a collection or a forum",
    "empty": "nothing: the page holds no text",
}
_TREE_METHOD = "block by block, adjusted to the page's tree"


def describe_method(name: str) -> str:
    """Describe how the winning candidate selected the blocks."""
    if name in METHODS:
        return METHODS[name]
    manner = name.removesuffix("tree").strip()
    return f"{_TREE_METHOD} ({manner})" if manner else _TREE_METHOD
