"""Articles of many kinds that books are made of."""

import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

from unabridged.archive import Archive, Imported, Query
from unabridged.extraction.body.fragment import sanitise
from unabridged.extraction.html.render import render
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob, ExportReport
from unabridged.formats.selection import Selection
from unabridged.model import Article, Completeness

NOW = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)


PICTURE = "https://news.example/kept.png"


BODIES = {path.stem: path.read_text("utf-8") for path in Path(__file__).with_name("books").glob("*.html")}
"""Bodies by name: one with everything, one with everything misplaced, Chinese, Arabic."""


def png(width: int = 320, height: int = 200) -> bytes:
    """A real picture: a dusk of two colours."""
    rows = b"".join(b"\x00" + bytes((40 + y // 2, 60 + y // 4, 120 - y // 4)) * width for y in range(height))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def article(number: int, title: str, language: str | None, body: str, **more: object) -> Article:
    """An article as the program would have made it of this body."""
    clean = sanitise(body)
    views = render(clean)
    given: dict[str, object] = {
        "url": f"https://news.example/{number}",
        "title": title,
        "authors": ("Ada Lovelace",),
        "published": NOW - timedelta(hours=number),
        "language": language,
        "html": clean,
        "text": views.text,
        "markdown": views.markdown,
        "links": views.links,
        "media": views.media,
    }
    return Article(**(given | more))  # type: ignore[arg-type]


def fill(archive: Archive) -> None:
    """Six articles of three sources in four languages, with one picture kept."""
    many = [
        (
            article(1, "The ferry that would not retire", "en", BODIES["english"], lead_image=PICTURE),
            "harbour",
        ),
        (article(2, "渡轮的二十年：一次测试", "zh-Hans", BODIES["chinese"]), "港口新闻"),
        (article(3, "عودة العبّارة", "ar", BODIES["arabic"]), "harbour"),
        (article(4, 'Everything in its wrong place <b>&amp; "more"', "de", BODIES["misplaced"]), "misplaced"),
        (article(5, "", None, "<p>An article without a title or language.\x0b</p>", authors=()), "misplaced"),
        (
            article(
                6,
                "Cut",
                "en",
                "<p>Half of it.</p>",
                completeness=Completeness(kind="paywalled", evidence=("x",)),
            ),
            "harbour",
        ),
    ]
    for one, source in many:
        archive.library().imports.add(Imported(article=one, origin="jsonl", source=source), now=NOW)
    keep_picture(archive)


def keep_picture(archive: Archive) -> None:
    """Keep the picture that the first article shows."""
    while archive.images.queue(NOW, everything=True):
        pass
    for pending in archive.images.claim(NOW, 10):
        if pending.url == PICTURE:
            archive.images.save(pending.id, "image/png", png(), now=NOW)


def write(archive: Archive, target: Path, **query: object) -> ExportReport:
    selection = Selection(query=Query(**query), title="Harbour & 港口 <1>")  # type: ignore[arg-type]
    return EXPORTERS[target.suffix[1:]](archive, ExportJob(now=NOW, selection=selection), target)
