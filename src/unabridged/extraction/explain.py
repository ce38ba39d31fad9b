"""Why a page became the article it became: its blocks one by one, as rows to print."""

from dataclasses import dataclass
from datetime import datetime

from unabridged.extraction.article import extract
from unabridged.extraction.evidence import in_words, method_in_words
from unabridged.extraction.html.dom import Element, parse
from unabridged.extraction.metadata.read import Metadata, read_metadata
from unabridged.extraction.selection import select
from unabridged.model import Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One block of a page. score: log-odds before its neighbourhood had its say; evidence: strongest first.

    taken_off: it was chosen, but left out as the body was written: the headline again, a by-line, a caption,
    a line of service. place: the elements it stands in, innermost last ("article div.body p").
    """

    kept: bool
    taken_off: bool
    score: float
    text: str
    place: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that was decided about a page.

    confidence: 0-1; method: how the blocks were chosen, in words; article: what `extract` makes of the page.
    """

    rows: tuple[Row, ...]
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
    written = _letters(article.text)
    dom = parse(html, content_type=content_type)
    metadata = read_metadata(dom, url=url, now=now)
    selection = select.select(dom, title=metadata.title, description=metadata.summary)
    rows = tuple(
        Row(
            kept=block.kept and _letters(block.text) in written,
            taken_off=block.kept and _letters(block.text) not in written,
            score=block.score,
            text=block.text,
            place=place_of(block.container),
            evidence=tuple(f"{in_words(reason.what)} {reason.weight:+.1f}" for reason in reasons),
        )
        for block, reasons in select.explain(selection)
    )
    return Explanation(
        rows=rows,
        method=method_in_words(selection.method),
        confidence=selection.confidence,
        metadata=metadata,
        article=article,
        notes=dom.notes,
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


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
