"""Why a page became the article it became: its blocks one by one, as rows to print."""

from dataclasses import dataclass
from datetime import datetime

from unabridged.extract import content
from unabridged.extract.addresses import refuse_broken
from unabridged.extract.dom import Element, parse
from unabridged.extract.metadata import Metadata, read_metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One block of a page. score: log-odds before its neighbourhood had its say; evidence: strongest first.

    place: the elements it stands in, innermost last ("article div.body p").
    """

    kept: bool
    score: float
    text: str
    place: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Everything that was decided about a page. confidence: 0-1; method: the hypothesis that won."""

    rows: tuple[Row, ...]
    method: str
    confidence: float
    metadata: Metadata
    notes: tuple[str, ...] = ()


def explain(
    html: bytes | str, *, url: str | None = None, content_type: str | None = None, now: datetime | None = None
) -> Explanation:
    """Extract a page and say block by block what was kept or dropped, and by which evidence.

    Raises NotAPage and InvalidURL as `extract` does.
    """
    refuse_broken(url)
    dom = parse(html, content_type=content_type)
    metadata = read_metadata(dom, url=url, now=now)
    selection = content.select(dom, title=metadata.title, description=metadata.summary)
    rows = tuple(
        Row(
            kept=block.kept,
            score=block.score,
            text=block.text,
            place=place_of(block.container),
            evidence=tuple(f"{reason.what} {reason.weight:+.1f}" for reason in reasons),
        )
        for block, reasons in content.explain(selection)
    )
    return Explanation(
        rows=rows,
        method=selection.method,
        confidence=selection.confidence,
        metadata=metadata,
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
