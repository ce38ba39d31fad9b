"""Metadata from pages that say it in their several ways."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import Metadata, read_metadata
from unabridged.model import Clock, Entry

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
URL = "https://herald.example/world/the-bridge"
BODY = "<p>" + "The old bridge over the river was closed to traffic on Monday, the mayor said. " * 6 + "</p>"


def page(head: str = "", body: str = "", *, lang: str = "en") -> str:
    return f'<html lang="{lang}"><head>{head}</head><body><article>{body}{BODY}</article></body></html>'


def read(html: str, *, entry: Entry | None = None, url: str | None = URL) -> Metadata:
    return read_metadata(parse(html), url=url, entry=entry, now=NOW)


def json_ld(**fields: Any) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


NEWS: dict[str, Any] = {
    "headline": "The bridge is closed",
    "datePublished": "2024-02-01T16:28:00+09:00",
    "dateModified": "2024-02-02T08:00:00+09:00",
    "author": [{"@type": "Person", "name": "Ann Lee"}, {"@type": "Person", "name": "Bo Li"}],
    "image": {"@type": "ImageObject", "url": "https://herald.example/bridge.jpg"},
    "publisher": {"@type": "Organization", "name": "The Herald"},
    "articleSection": "World",
    "keywords": ["bridges", "rivers"],
    "isAccessibleForFree": False,
}


def test_everything_is_read_from_json_ld() -> None:
    found = read(page(json_ld(**NEWS), "<h1>The bridge is closed</h1>"))
    assert found.title == "The bridge is closed"
    assert found.authors == ("Ann Lee", "Bo Li")
    assert found.published is not None
    assert found.published.at.isoformat() == "2024-02-01T16:28:00+09:00"
    assert found.modified is not None
    assert found.modified.at.day == 2
    assert found.lead_image == "https://herald.example/bridge.jpg"
    assert (found.site_name, found.section, found.kind) == ("The Herald", "World", "NewsArticle")
    assert found.tags == ("bridges", "rivers")
    assert found.free is False
    assert found.provenance["authors"] == "json-ld"
    assert found.provenance["published"] == "json-ld"


def test_a_graph_with_references_is_resolved() -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebPage", "@id": "#page", "datePublished": "2024-02-01T10:00:00+00:00"},
            {"@type": "Article", "@id": "#article", "headline": "The bridge", "author": {"@id": "#ann"}},
            {"@type": "Person", "@id": "#ann", "name": "Ann Lee"},
        ],
    }
    script = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    found = read(page(script, "<h1>The bridge</h1>"))
    assert found.authors == ("Ann Lee",)
    assert found.published is not None
    assert found.published.at.isoformat() == "2024-02-01T10:00:00+00:00"


def test_references_that_run_in_a_circle_end() -> None:
    graph = [{"@id": "#a", "@type": "Article", "author": {"@id": "#a"}, "image": {"@id": "#b"}},
             {"@id": "#b", "url": {"@id": "#b"}, "name": "x"}]  # fmt: skip
    assert read(page(f'<script type="application/ld+json">{json.dumps(graph)}</script>')).lead_image is None


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"The bridge is closed","datePublished":"2024-02-01",}',
        '<!-- {"@type":"NewsArticle","headline":"The bridge is closed","datePublished":"2024-02-01"} -->',
        '//<![CDATA[\n{"@type":"Article","headline":"The\tbridge","datePublished":"2024-02-01"}\n//]]>',
        '{"@type":"NewsArticle","headline":"The bridge is closed","datePublished":"2024-02-01"};',
        '{"@type":"NewsArticle","datePublished":"2024-02-01","description":"he said "yes" to it"}',
        '{"@type":"NewsArticle","datePublished":"2024-02-01","description":"cut off he',
    ],
)
def test_nearly_json_is_read_all_the_same(script: str) -> None:
    found = read(page(f'<script type="application/ld+json">{script}</script>'))
    assert found.published is not None
    assert found.published.at.date().isoformat() == "2024-02-01"


def test_the_articles_of_a_list_are_not_this_pages() -> None:
    other = {"@type": "NewsArticle", "headline": "Another story", "datePublished": "2020-01-01"}
    list_of_others = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    script = f'<script type="application/ld+json">{json.dumps(list_of_others)}</script>'
    found = read(page(script, "<h1>The bridge is closed</h1><time datetime='2024-02-01'>1 Feb</time>"))
    assert found.title == "The bridge is closed"
    assert found.published is not None
    assert found.published.at.year == 2024


def test_opengraph_and_article_tags_are_read() -> None:
    head = """<title>The bridge is closed | The Herald</title>
        <meta property="og:title" content="The bridge is closed">
        <meta property="og:site_name" content="The Herald"><meta name="author" content="Ann Lee">
        <meta property="article:published_time" content="2024-02-01T16:28:00Z">
        <meta property="og:image" content="/bridge.jpg"><meta property="og:locale" content="en_GB">
        <meta name="description" content="A closed bridge."><link rel="canonical" href="/world/the-bridge">"""
    found = read(page(head, "<h1>The bridge is closed</h1>", lang=""))
    assert (found.title, found.site_name, found.authors) == (
        "The bridge is closed",
        "The Herald",
        ("Ann Lee",),
    )
    assert found.lead_image == "https://herald.example/bridge.jpg"
    assert found.canonical_url == URL
    assert found.language == "en-GB"
    assert found.summary == "A closed bridge."


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="dc.date.issued" content="2024-02-01"><meta name="dc.creator" content="Ann Lee">',
        '<meta name="parsely-pub-date" content="2024-02-01"><meta name="parsely-author" content="Ann Lee">',
        '<meta name="sailthru.date" content="2024-02-01"><meta name="sailthru.author" content="Ann Lee">',
        '<meta name="citation_date" content="2024/02/01"><meta name="citation_author" content="Ann Lee">',
    ],
)
def test_other_vocabularies_are_read(head: str) -> None:
    found = read(page(head, "<h1>The bridge is closed</h1>"))
    assert found.authors == ("Ann Lee",)
    assert found.published is not None
    assert found.published.at.date().isoformat() == "2024-02-01"


def test_microdata_is_read_with_its_origin() -> None:
    body = """<h1 itemprop="headline">The bridge is closed</h1>
        <span itemprop="author" itemscope><span itemprop="name">Ann Lee</span></span>
        <time itemprop="datePublished" datetime="2024-02-01T16:28:00+01:00">Thursday</time>"""
    found = read(page("", body))
    assert found.authors == ("Ann Lee",)
    assert found.published is not None
    assert found.published.origin == "microdata"
    assert found.published.zone_stated


@pytest.mark.parametrize(
    ("language", "byline", "day"),
    [
        ("en", "By Ann Lee", "February 1, 2024"),
        ("de", "Von Ann Lee", "1. Februar 2024"),
        ("fr", "Par Ann Lee", "Publié le 1 février 2024"),
        ("es", "Por Ann Lee", "1 de febrero de 2024"),
        ("it", "di Ann Lee", "1 febbraio 2024"),
        ("nl", "Door Ann Lee", "1 februari 2024"),
        ("tr", "Yazan: Ann Lee", "1 Şubat 2024"),
    ],
)
def test_the_visible_byline_and_day_are_read(language: str, byline: str, day: str) -> None:
    body = f"<h1>The bridge is closed today</h1><p>{byline}</p><p>{day}</p>"
    found = read(page("<title>The bridge is closed today</title>", body, lang=language))
    assert found.authors == ("Ann Lee",)
    assert found.published is not None
    assert found.published.at.date().isoformat() == "2024-02-01"


def test_a_chinese_byline_is_read() -> None:
    html = page(
        "<title>大桥今日封闭</title>",
        "<h1>大桥今日封闭</h1><p>2024年2月1日 16:28</p><p>作者：李明</p>",
        lang="zh",
    )
    found = read(html)
    assert found.authors == ("李明",)
    assert found.published is not None
    assert found.published.at.isoformat() == "2024-02-01T16:28:00+00:00"


def test_a_desk_is_credit_and_no_author() -> None:
    found = read(page(json_ld(**{**NEWS, "author": {"@type": "Organization", "name": "Reuters Staff"}})))
    assert found.authors == ()
    assert found.credit == ("Reuters Staff",)


def test_a_named_agency_beside_a_person_signs_with_her_but_a_desk_does_not() -> None:
    found = read(page(json_ld(**{**NEWS, "author": [{"name": "Ann Lee"}, {"name": "dpa"}]})))
    assert (found.authors, found.credit) == (("Ann Lee", "dpa"), ("dpa",))
    found = read(page(json_ld(**{**NEWS, "author": [{"name": "Ann Lee"}, {"name": "Reuters Staff"}]})))
    assert (found.authors, found.credit) == (("Ann Lee",), ("Reuters Staff",))


def test_dates_of_comments_and_related_stories_do_not_count() -> None:
    body = """<h1>The bridge is closed today</h1><time datetime="2024-02-01T10:00:00Z">1 Feb</time>
        <div class="related-posts"><time datetime="2025-05-05">5 May</time></div>
        <div class="comments"><time datetime="2024-02-03">3 Feb</time></div>"""
    found = read(page("<title>The bridge is closed today</title>", body))
    assert found.published is not None
    assert found.published.at.date().isoformat() == "2024-02-01"


def test_the_day_in_the_address_is_a_witness() -> None:
    found = read(
        page("<title>The bridge</title>", "<h1>The bridge</h1>"), url="https://a.example/2024/02/01/bridge"
    )
    assert found.published is not None
    assert (found.published.at.date().isoformat(), found.published.origin) == ("2024-02-01", "url")


def test_the_feed_fills_what_the_page_leaves_open() -> None:
    clock = Clock(kind="feed", at=datetime(2024, 2, 1, tzinfo=UTC), origin="feed")
    entry = Entry(
        title="The bridge is closed", authors=("Ann Lee",), published=clock, language="en", tags=("rivers",)
    )
    found = read("<html><body><p>Nothing is said here.</p></body></html>", entry=entry)
    assert (found.title, found.authors, found.published, found.tags) == (
        entry.title,
        ("Ann Lee",),
        clock,
        ("rivers",),
    )
    assert set(found.provenance.values()) == {"feed"}


def test_a_wrong_language_claim_yields_to_the_script() -> None:
    assert read(page("<title>Мост через реку закрыт</title>", lang="en")).language == "ru"


def test_a_date_in_the_future_is_not_believed() -> None:
    tomorrow_week = (NOW + timedelta(days=8)).isoformat()
    assert read(page(f'<meta property="article:published_time" content="{tomorrow_week}">')).published is None


def test_an_empty_page_gives_an_empty_record() -> None:
    found = read("<p></p>", url=None)
    assert (found.title, found.authors, found.published, found.lead_image) == ("", (), None, None)


def test_declared_texts_that_were_escaped_twice_are_mended_everywhere() -> None:
    node = {**NEWS, "articleSection": "Politics &amp; Government", "keywords": ["Law &amp; Order"]}
    node["publisher"] = {"@type": "Organization", "name": "Salt &amp;amp; Sea"}
    node["author"] = {"@type": "Organization", "name": "Lee &amp; Sons"}
    found = read(page(json_ld(**node)))
    assert (found.section, found.tags, found.site_name) == (
        "Politics & Government",
        ("Law & Order",),
        "Salt & Sea",
    )
    assert found.authors == ("Lee & Sons",)
    head = "<meta property=article:section content='Arts &amp;amp; Letters'>"
    found = read(page(head + "<meta name=description content='A &amp;quot;B&amp;quot;'>"))
    assert (found.section, found.summary) == ("Arts & Letters", 'A "B"')


def test_the_name_of_the_section_beside_a_date_is_no_author() -> None:
    head = "<meta property=article:section content='Real Life'>"
    body = "<a href='/people/real-life'>Real Life</a><h1>The bridge is closed</h1><span>1 May 2024</span>"
    assert read(page(head, body)).authors == ()


def test_a_day_with_its_month_in_words_is_read_from_the_address() -> None:
    found = read(
        page(body="<h1>The bridge</h1>"), url="https://herald.example/blog/2023/october/03/the-bridge"
    )
    assert found.published is not None and found.published.at.date().isoformat() == "2023-10-03"
