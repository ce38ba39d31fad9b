"""Strange texts, sizes and dates from outside are shown everywhere, within bounds, and run nowhere."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from lxml import html

from tests.serve.running_app import Desk
from tests.serve.test_addresses import NOW, WORDS, exported, save_feed, served, taken
from unabridged.archive import Archive
from unabridged.extraction import extract
from unabridged.model import Page

ROOT = Path(__file__).parents[2]
VECTORS = Path(os.environ.get("UNABRIDGED_CORPUS") or ROOT.parent / "shared" / "corpus") / "attacks"

STRANGE = (
    "half \ud800 a \udfff letter",
    "nul \x00 bell \x07 escape \x1b]52;c;eA==\x07 csi \x9b2J",
    "turned \u202e round \u2066 about \ufffe",
    "x" * 1_000_000,
    "]]><script>alert(1)</script>",
)
DATES = (
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0000-00-00T00:00:00Z",
    "2024-01-01T00:00:00+23:59",
    "2024-01-01T00:00:00-23:59:59.9",
    "NaN",
    "-99999999999999999999",
    "99999999999999999999",
    "253402300799999",
    "Fri, 31 Dec 9999 23:59:59 -1400",
)


def by_json_feed(archive: Archive, text: str, date: str, _folder: Path) -> None:
    item: dict[str, object] = {
        "id": text,
        "title": text,
        "url": "https://news.example/1",
        "content_text": WORDS,
        "tags": [text] * 3,
    }
    item |= {"authors": [{"name": text}], "date_published": date, "date_modified": date, "language": text}
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": text,
        "description": text,
        "items": [item],
    }
    save_feed(archive, json.dumps(feed | {"language": text, "_own": text}).encode())


def by_rss(archive: Archive, text: str, date: str, _folder: Path) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    item = (
        f"<item><title>{escaped}</title><guid>{escaped}</guid><author>{escaped}</author><category>{escaped}"
    )
    item += f"</category><pubDate>{date}</pubDate><description>{escaped[:500]} {WORDS}</description></item>"
    content = f"<rss version='2.0'><channel><title>{escaped}</title><ttl>{date}</ttl>{item}</channel></rss>"
    save_feed(archive, content.encode("utf-8", "surrogatepass"))


def by_page(archive: Archive, text: str, date: str, _folder: Path) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    markup = (
        f'<html><head><title>{escaped}</title><meta property="og:title" content="{escaped}">'
        f'<meta property="article:published_time" content="{date}"><meta name="author" content="{escaped}">'
        f'<meta name="keywords" content="{escaped}"></head><body><article><h1>{escaped}</h1>'
        f'<time datetime="{date}">{date}</time><p>{WORDS}</p><p>{escaped[:500]}</p></article></body></html>'
    )
    body = markup.encode("utf-8", "surrogatepass")
    url = "https://news.example/2"
    page = Page(url=url, final_url=url, status=200, headers={"etag": text[:5000]}, body=body, fetched=NOW)
    archive.library().articles.save(extract(body, url=url, now=NOW), page, now=NOW)


def facts(text: str, date: str, url: str) -> dict[str, object]:
    clock = {"kind": "published", "at": date, "origin": "meta", "raw": text}
    return {
        "url": url,
        "title": text,
        "authors": [text, 5, None],
        "tags": [text],
        "site_name": text,
        "section": {"a": text},
        "summary": text,
        "published": date,
        "clocks": [clock],
        "completeness": text,
    }


def by_jsonl(archive: Archive, text: str, date: str, folder: Path) -> None:
    rows = [facts(text, date, "https://news.example/3") | {"completeness": {"kind": text}, "html": WORDS}]
    rows += [row | {"url": "https://news.example/4", "clocks": []} for row in rows]
    rows += [row | {"url": "https://news.example/5", "clocks": [], "published": None} for row in rows]
    path = folder / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    taken(archive, path)


def by_markdown(_archive: Archive, text: str, date: str, folder: Path) -> Path:
    """Write a file, and return it: one process reads all of them."""
    lines = (
        f"{name}: {json.dumps(value)}" for name, value in facts(text, date, "https://news.example/6").items()
    )
    path = folder / "a.md"
    path.write_text("\n".join(["---", *lines, "---", "", WORDS]), encoding="utf-8", errors="surrogatepass")
    return path


def by_document(archive: Archive, text: str, date: str, folder: Path) -> None:
    head = json.dumps(facts(text, date, "") | {"completeness": {"kind": text}, "first_seen": date})
    title = text.replace("<", "&lt;")
    path = folder / "a.md"
    content = f"<!--1706802302000-->\n[{title}](https://news.example/7)\n------\n\n<!--unabridged {head}-->\n"
    content += f"<p>{WORDS}</p>\n"
    path.write_text(content, encoding="utf-8", errors="surrogatepass")
    taken(archive, path)


WAYS_IN = (by_json_feed, by_rss, by_page, by_jsonl, by_markdown, by_document)


@pytest.mark.parametrize("way_in", WAYS_IN, ids=lambda way: way.__name__)
def test_whatever_came_in_is_shown_everywhere_within_bounds(
    way_in: Callable[[Archive, str, str, Path], Path | None],
    desk: Desk,
    visit: Callable[..., httpx.Client],
    tmp_path: Path,
) -> None:
    files = []
    for number, date in enumerate(DATES):
        folder = tmp_path / f"in-{number}"
        folder.mkdir()
        if file := way_in(desk.archive, STRANGE[number % len(STRANGE)], date, folder):
            files.append(file)
    if files:
        taken(desk.archive, *files)
    by_rss(desk.archive, "An ordinary title", "Thu, 01 Feb 2024 10:00:00 GMT", tmp_path)

    answers = exported(desk.archive, tmp_path) | served(visit(desk), desk.archive)

    assert any(path.startswith("/a/") for path in answers)
    assert "/" in answers
    for name, content in answers.items():
        content.decode()
        assert len(content) < 3_000_000, name
        assert not any(sign in content for sign in (b"\x00", b"\x07", b"\x1b", b"\x08")), name
        if name in ("html", "epub") or (name.startswith("/") and ".json" not in name):
            assert b"<script>alert" not in content, name


def vectors() -> list[str]:
    """Recorded attacks, some of them; our own where there is no corpus."""
    path = VECTORS / "xss-vectors.jsonl"
    own = [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "'onmouseover='alert(1)",
        "</title><svg onload=alert(1)>",
    ]
    recorded = (
        [json.loads(line)["payload"] for line in path.read_text(encoding="utf-8").splitlines()]
        if path.is_file()
        else []
    )
    return [*own, *recorded[::12]]


def test_attacks_in_titles_names_and_tags_are_text(
    desk: Desk, visit: Callable[..., httpx.Client], tmp_path: Path
) -> None:
    rows = [
        facts(text, "2024-01-01T00:00:00+00:00", f"https://news.example/{number}")
        | {
            "completeness": {"kind": "full"},
            "section": text,
            "html": f"<p>{WORDS}</p>",
            "own_tags": [f"t{number}"],
        }
        for number, text in enumerate(vectors())
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    taken(desk.archive, path)
    client = visit(desk)
    pages = ["/", *(f"/a/{number}" for number in range(1, len(rows), max(1, len(rows) // 40)))]
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 200
        tree = html.fromstring(answer.content)
        for element in tree.iter():
            if isinstance(element.tag, str):
                risky = [name for name in element.attrib if name.lower().startswith("on")]
                assert not risky, (address, element.tag, risky)
                links = [
                    element.get(name, "").strip().lower() for name in ("href", "src", "action", "formaction")
                ]
                assert not [one for one in links if one.startswith(("javascript:", "data:text", "vbscript:"))]
                assert element.tag != "script" or (element.get("src") or "").startswith("/"), address
