"""No foreign address leaves the archive: every field that holds one, every way in, every way out."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path

import httpx
import pytest

from tests.serve.running_app import Desk
from unabridged.archive import Archive, PollOutcome, Query
from unabridged.archive.records.imports import Imported
from unabridged.errors import FeedError
from unabridged.extraction import extract
from unabridged.extraction.article import article_from_entry
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.import_files import import_paths
from unabridged.model import Article, Enclosure, Link, Media, Page

NOW = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://news.example/feed"
MARK = "mark4711"
SCHEMES = (
    f"javascript:{MARK}()",
    f" JaVa\tScRiPt:{MARK}()",
    f"data:text/html,{MARK}",
    f"vbscript:{MARK}",
    f"file:///{MARK}",
)
WORDS = "The ferry sails again, and the harbour was full of people who had come to see it leave. " * 4


def body(bad: str) -> str:
    href = escape(bad)
    return (
        f'<p>{WORDS}</p><p><a href="{href}">a link</a> <img src="{href}" srcset="{href} 2x"></p>'
        f'<video src="{href}" poster="{href}"></video><iframe src="{href}"></iframe>'
        f'<blockquote cite="{href}"><p>{WORDS}</p></blockquote>'
    )


def rss(bad: str) -> bytes:
    link = escape(bad)
    return f"""<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"
xmlns:content="http://purl.org/rss/1.0/modules/content/" xml:base="{link}">
<channel><title>News</title><link>{link}</link><atom:link rel="self" href="{link}"/>
<atom:link rel="hub" href="{link}"/><atom:link rel="next" href="{link}"/><image><url>{link}</url></image>
<item><title>One</title><link>{link}</link><guid>rss-1</guid><comments>{link}</comments>
<source url="{link}">Other</source><enclosure url="{link}" type="audio/mpeg" length="1"/>
<media:thumbnail url="{link}"/><media:content url="{link}"/><author><name>Ann</name><uri>{link}</uri></author>
<content:encoded>{escape(body(bad))}</content:encoded></item></channel></rss>""".encode()


def atom(bad: str) -> bytes:
    link = escape(bad)
    return f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{link}"><title>News</title><id>urn:x:1</id>
<link href="{link}"/><link rel="self" href="{link}"/><link rel="hub" href="{link}"/><icon>{link}</icon>
<logo>{link}</logo><author><name>Ann</name><uri>{link}</uri></author>
<entry><id>urn:x:2</id><title>Two</title><link href="{link}"/><link rel="enclosure" href="{link}"/>
<link rel="replies" href="{link}"/><source><title>Other</title><link href="{link}"/></source>
<content type="html" src="{link}">{escape(body(bad))}</content></entry></feed>""".encode()


def json_feed(bad: str) -> bytes:
    item = {
        "id": "json-1",
        "title": "Three",
        "url": bad,
        "external_url": bad,
        "image": bad,
        "banner_image": bad,
    }
    item |= {"content_html": body(bad), "authors": [{"name": "Ann", "url": bad, "avatar": bad}]}  # type: ignore[dict-item]
    item |= {"attachments": [{"url": bad, "mime_type": "audio/mpeg"}]}  # type: ignore[dict-item]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "home_page_url": bad,
        "items": [item],
    }
    feed |= {
        "feed_url": bad,
        "icon": bad,
        "favicon": bad,
        "next_url": bad,
        "hubs": [{"type": "x", "url": bad}],
    }
    return json.dumps(feed).encode()


def page(bad: str) -> bytes:
    link = escape(bad)
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "url": bad,
        "image": bad,
        "headline": "Four",
    }
    data |= {"author": {"@type": "Person", "name": "Ann", "url": bad}, "mainEntityOfPage": bad}  # type: ignore[dict-item]
    return f"""<html><head><title>Four</title><base href="{link}"><link rel="canonical" href="{link}">
<link rel="amphtml" href="{link}"><link rel="next" href="{link}"><meta property="og:url" content="{link}">
<meta property="og:image" content="{link}">
<meta name="twitter:image" content="{link}">
<script type="application/ld+json">{json.dumps(data)}</script></head>
<body><article><h1>Four</h1><a rel="author" href="{link}">Ann</a>{body(bad)}</article>
</body></html>""".encode()


def save_feed(archive: Archive, content: bytes) -> None:
    parsed = parse_feed(content, url=FEED, now=NOW)
    feed = archive.library().subscriptions.add(FEED, now=NOW).feed
    pairs = [(entry, article_from_entry(entry, parsed)) for entry in parsed.entries]
    assert pairs
    archive.ingest.save_entries(feed.id, parsed, pairs, PollOutcome(polled=NOW, next_poll_at=NOW + HOUR))


def by_rss(archive: Archive, bad: str, _folder: Path) -> None:
    save_feed(archive, rss(bad))


def by_atom(archive: Archive, bad: str, _folder: Path) -> None:
    save_feed(archive, atom(bad))


def by_json_feed(archive: Archive, bad: str, _folder: Path) -> None:
    save_feed(archive, json_feed(bad))


def captured(bad: str) -> Page:
    url = "https://news.example/4"
    return Page(url=url, final_url=url, status=200, headers={"link": bad}, body=page(bad), fetched=NOW)


def by_page(archive: Archive, bad: str, _folder: Path) -> None:
    one = captured(bad)
    archive.library().articles.save(extract(one.body, url=one.url, now=NOW), one, now=NOW)


def taken(archive: Archive, *paths: Path) -> None:
    """Import files at once: those of Markdown need a process, which takes a second to start."""
    made = lambda pages: [extract(one.body, url=one.final_url, now=NOW) for one in pages]  # noqa: E731
    report = import_paths(archive, paths, now=NOW, read_pages=made)
    assert report.failures + len(report.articles) + report.feeds >= len(paths)


def described(bad: str, url: str) -> dict[str, object]:
    return {
        "url": url,
        "title": "Five",
        "canonical_url": bad,
        "lead_image": bad,
        "enclosures": [{"url": bad, "type": "audio/mpeg"}],
        "links": [{"url": bad}],
        "media": [{"kind": "image", "url": bad, "poster": bad}],
    }


def by_jsonl(archive: Archive, bad: str, folder: Path) -> None:
    path = folder / "a.jsonl"
    older = described(bad, "https://news.example/5") | {
        "number": 1,
        "saved": NOW.isoformat(),
        "html": body(bad),
    }
    good = described(bad, "https://news.example/5") | {"html": body(bad), "revision": 2, "versions": [older]}
    lines = [good, described(bad, bad) | {"html": body(bad)}]
    path.write_text("\n".join(json.dumps(one) for one in lines), encoding="utf-8")
    taken(archive, path)


def by_markdown(_archive: Archive, bad: str, folder: Path) -> list[Path]:
    """Write files, and return them: one process reads all of them."""
    paths = []
    for number, url in enumerate(("https://news.example/6", bad)):
        facts = described(bad, url) | {"pictures": {"images/1.png": bad}}
        front = "\n".join(f"{name}: {json.dumps(value)}" for name, value in facts.items())
        text = f"---\n{front}\n---\n\n# Six\n\n{WORDS}\n\n![p](images/1.png)\n\n{body(bad)}\n"
        paths.append(folder / f"{number}.md")
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def by_document(archive: Archive, bad: str, folder: Path) -> None:
    for number, url in enumerate(("https://news.example/7", bad.strip().replace("\t", ""))):
        head = json.dumps(
            {name: value for name, value in described(bad, url).items() if name not in ("url", "title")}
        )
        for own in (f"<!--unabridged {head}-->\n", ""):
            path = folder / f"{number}{bool(own)}.md"
            path.write_text(
                f"<!--1706802302000-->\n[Seven]({url})\n------\n\n{own}{body(bad)}\n", encoding="utf-8"
            )
            taken(archive, path)


def by_warc(archive: Archive, bad: str, folder: Path) -> None:
    with Archive(str(folder / "other.db")) as other:
        one = captured(bad)
        other.library().articles.save(extract(one.body, url=one.url, now=NOW), one, now=NOW)
        EXPORTERS["warc"](other, ExportJob(now=NOW), folder / "a.warc.gz")
    taken(archive, folder / "a.warc.gz")


def by_opml(archive: Archive, bad: str, folder: Path) -> None:
    path = folder / "a.opml"
    link = escape(bad)
    outlines = (
        f'<outline text="A" type="rss" xmlUrl="{link}"/><outline text="B" xmlUrl="{FEED}" htmlUrl="{link}"/>'
    )
    path.write_text(f'<opml version="2.0"><body>{outlines}</body></opml>', encoding="utf-8")
    taken(archive, path)


def by_the_facade(archive: Archive, bad: str, _folder: Path) -> None:
    """What a program that uses the archive as a library hands over: records that nothing cleaned."""
    article = Article(
        url=bad,
        canonical_url=bad,
        title="Nine",
        lead_image=bad,
        html=f"<p>{WORDS}</p>",
        text=WORDS,
        markdown=WORDS,
        links=(Link(url=bad),),
        media=(Media(kind="image", url=bad, poster=bad),),
        enclosures=(Enclosure(url=bad),),
    )
    archive.library().imports.add(Imported(article=article, origin="jsonl", source="nine"), now=NOW)


WAYS_IN = (
    by_rss,
    by_atom,
    by_json_feed,
    by_page,
    by_jsonl,
    by_markdown,
    by_document,
    by_warc,
    by_opml,
    by_the_facade,
)


def exported(archive: Archive, folder: Path) -> dict[str, bytes]:
    """Every export but the raw pages, by name."""
    found: dict[str, bytes] = {}
    order = ExportJob(now=NOW + HOUR, history=True)
    for name in ("jsonl", "epub", "html", "opml"):
        EXPORTERS[name](archive, order, folder / f"out.{name}")
        found[name] = (folder / f"out.{name}").read_bytes()
    with zipfile.ZipFile(io.BytesIO(found["epub"])) as book:
        found["epub"] = b"\n".join(map(book.read, book.namelist()))
    for name in ("markdown", "document"):
        EXPORTERS[name](archive, order, folder / name)
        found[name] = b"\n".join(one.read_bytes() for one in (folder / name).rglob("*.md"))
    return found


def served(client: httpx.Client, archive: Archive) -> dict[str, bytes]:
    """Every page that shows articles, and every feed."""
    paths = ["/", "/all", "/sources"]
    paths += [
        f"/feeds/{one.feed.id}.{form}"
        for one in archive.library().subscriptions.all()
        for form in ("rss", "atom", "json")
    ]
    paths += [f"/all.{form}" for form in ("rss", "atom", "json")]
    paths += ["/search?q=ferry", *(f"/search.{form}?q=ferry" for form in ("rss", "atom", "json"))]
    for one in archive.library().articles.all(Query()):
        paths += [f"/a/{one.id}", f"/a/{one.id}/versions"]
        paths += [f"/a/{one.id}/v/{line.number}" for line in archive.library().articles.revisions(one.id)]
    answers = {path: client.get(path) for path in paths}
    assert all(answer.status_code in (200, 303, 404) for answer in answers.values())
    return {path: answer.content for path, answer in answers.items() if answer.status_code == 200}


_MARKED = re.compile(rf"[^\s\"'<>()\[\]]*{MARK}".encode())


def foreign(content: bytes) -> list[bytes]:
    """The marked addresses in an answer that are none of the web (a scheme with a space in it is a path)."""
    return [one for one in _MARKED.findall(content) if b"news.example/" not in one]


@pytest.mark.parametrize("way_in", WAYS_IN, ids=lambda way: way.__name__)
def test_a_foreign_address_leaves_by_no_way_whatever_way_it_came(
    way_in: Callable[[Archive, str, Path], list[Path] | None],
    desk: Desk,
    visit: Callable[..., httpx.Client],
    tmp_path: Path,
) -> None:
    good = Article(
        url="https://news.example/good", title="Good", html=f"<p>{WORDS}</p>", text=WORDS, markdown=WORDS
    )
    desk.archive.library().imports.add(Imported(article=good, origin="jsonl", source="good"), now=NOW)
    files = []
    for number, bad in enumerate(SCHEMES):
        folder = tmp_path / f"in-{number}"
        folder.mkdir()
        try:
            files += way_in(desk.archive, bad, folder) or []
        except FeedError as exc:
            pytest.fail(f"{bad!r}: {exc}")
    if files:
        taken(desk.archive, *files)
    answers = exported(desk.archive, tmp_path) | served(visit(desk), desk.archive)
    assert len(answers) > 10
    assert {name: found for name, content in answers.items() if (found := foreign(content))} == {}
