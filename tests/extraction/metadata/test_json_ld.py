"""JSON-LD of a page: graphs, references, near-JSON, lists."""

import json

import pytest

from tests.extraction.metadata.pages import NEWS, json_ld, page, read


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
