"""What a page declares: OpenGraph, other vocabularies, microdata."""

import pytest

from tests.extraction.metadata.pages import NEWS, URL, json_ld, page, read


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
