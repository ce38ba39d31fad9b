"""Why a page became the article it became: its blocks one by one, as rows to print."""

import re
from dataclasses import dataclass
from datetime import datetime

from unabridged.extraction.article import extract
from unabridged.extraction.html.dom import Element, parse
from unabridged.extraction.metadata.read import Metadata, read_metadata
from unabridged.extraction.selection import select
from unabridged.model import Article
from unabridged.text.words import letters_only


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedBlock:
    """One block of a page. score: log-odds before its neighbourhood had its say; evidence: strongest first.

    taken_off: it was chosen, but left out as the body was written: the headline again, a by-line, a caption,
    a line of service. place: the elements it stands in, innermost last ("article div.body p").
    """

    kept: bool
    removed: bool
    score: float
    text: str
    place: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that was decided about a page.

    confidence: 0-1; method: how the blocks were chosen, in words; article: what `extract` makes of the page.
    """

    rows: tuple[ExplainedBlock, ...]
    method: str
    confidence: float
    metadata: Metadata
    article: Article
    notes: tuple[str, ...] = ()


def explain(
    html: bytes | str, *, url: str | None = None, content_type: str | None = None, now: datetime | None = None
) -> Explanation:
    """Extract a page and say block by block what was kept or dropped, and by which evidence.

    Raises NotAPage and InvalidURL as `extract` does.
    """
    article = extract(html, url=url, content_type=content_type, now=now)
    written = letters_only(article.text)
    dom = parse(html, content_type=content_type)
    metadata = read_metadata(dom, url=url, now=now)
    selection = select.select(dom, title=metadata.title, description=metadata.summary)
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
    )


def place_of(element: Element, levels: int = 4) -> str:
    """Name an element by its tag and first class or id, and the elements around it, innermost last."""
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
    "class over typical": "its class names beside the page's usual ones",
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
    "is div": "it stands bare in a div",
    "is quote": "it is a quotation",
    "is caption": "it is a caption",
    "is control": "it is a button or a label",
    "in nav": "whether it stands in navigation",
    "in aside": "whether it stands in an aside",
    "in footer": "whether it stands in a footer",
    "in header": "whether it stands in a header",
    "in figure": "whether it stands in a figure",
    "in article": "whether it stands in an article element",
    "in main": "whether it stands in the main element",
    "in table": "whether it stands in a table",
    "in ul": "whether it stands in a list",
    "kin": "words it shares with the title",
    "told": "words it shares with the description",
    "kin around": "words around it shared with the title",
    "page kin": "words of the page shared with the title",
    "share": "the share of the page's prose in {container}",
    "purity": "how little but prose stands in {container}",
    "links": "links in {container}",
    "blocks": "how many blocks stand in {container}",
    "inside": "the smallest container that holds most of the prose",
    "in best parent": "the container with most paragraphs: inside or not",
    "before best": "it stands before the container with most paragraphs",
    "after best": "it stands after the container with most paragraphs",
    "best class": "class names of the container with most paragraphs",
    "best share": "the prose in the container with most paragraphs",
    "beside best": "it stands beside the container with most paragraphs",
    "home is best": "it stands right in the container with most paragraphs",
    "child of best": "it stands just below the container with most paragraphs",
    "series": "how many blocks are of its kind",
    "series prose": "how much of its kind is prose",
    "series links": "how much of its kind is links",
    "series words": "first words of its kind",
    "series size": "the length of its kind",
    "prose before": "how much of the prose came before",
    "place": "how far down the page it stands",
    "page blocks": "how many blocks the page has",
    "page prose": "how much prose the page has",
    "page purity": "how little but prose the page has",
    "since prose": "how far above it the last prose is",
    "until prose": "how far below it the next prose is",
    "title": "it is the title",
    "has title": "the page shows its title",
    "after title": "it stands after the title",
    "before title": "it stands before the title",
    "described": "it repeats the page's description",
    "repeated": "it repeats what stands elsewhere",
    "repeated size": "how much of it is repeated",
    "in data": "the structured data's article holds it",
    "around": "{what} around it",
    "last marker": "it follows a label such as 'Comments'",
    "last heading": "the heading it stands under",
}
_NEAR = re.compile(r"(.+) ([+-][12])$")
_AROUND = re.compile(r"(prose|linked|size) around (\d)$")
_LEVEL = re.compile(r"(.+) ([0-4]|0\.\d+)$")
_CONTAINERS = ("its container", *(f"the container {n} above" for n in ("one", "two", "three", "four")))


def describe_column(column: str) -> str:
    """Say what a column of evidence measures; an unknown column keeps its name."""
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
        if found[1] in ("words", "kin", "told"):
            return f"{describe_column(found[1])}, in {_CONTAINERS[level]}"
        return _DESCRIPTIONS.get(found[1], column).format(container=_CONTAINERS[level])
    return _DESCRIPTIONS.get(column, column)


METHODS = {
    "best container": "the container with most paragraphs",
    "around best container": "the container above the one with most paragraphs",
    "holder": "the smallest container with most of the prose",
    "after title": "what follows the title",
    "empty": "nothing: the page holds no text",
}
_TREE_METHOD = "block by block, settled over the page's tree"


def describe_method(name: str) -> str:
    """Say how the hypothesis that won chose the blocks."""
    if name in METHODS:
        return METHODS[name]
    manner = name.removesuffix("tree").strip()
    return f"{_TREE_METHOD} ({manner})" if manner else _TREE_METHOD
