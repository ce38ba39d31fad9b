# ruff: noqa: E501 (markup in one line)
"""Claims read from a page's head."""

import json

from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.page_claims import MAX_JSON_NODES, HeadClaims, read_head_claims


def claims(head: str) -> HeadClaims:
    return read_head_claims(parse(f"<html><head>{head}</head><body></body></html>"))


def test_titles_are_the_title_elements_and_the_sharing_ones_once_each() -> None:
    found = claims(
        '<title>A  story - Paper</title><meta property="og:title" content="A story"><meta name="twitter:title" content="A story">'
    )
    assert found.titles == ("A story - Paper", "A story")


def test_the_longest_description_is_heard() -> None:
    found = claims(
        '<meta name="Description" content="Short."><meta property="og:description" content="Rather longer.">'
    )
    assert found.description == "Rather longer."


def test_the_article_body_of_a_graph_is_heard() -> None:
    graph = {"@graph": [{"@type": "WebPage"}, {"@type": ["NewsArticle"], "articleBody": "The whole text."}]}
    found = claims(f'<script type="application/ld+json">{json.dumps(graph)}</script>')
    assert (found.body, found.types) == ("The whole text.", ("newsarticle", "webpage"))


def test_malformed_claims_are_silence() -> None:
    found = claims('<script type="application/ld+json">{"articleBody": </script><meta property="og:title">')
    assert found == HeadClaims()


def test_an_endless_graph_is_left_in_time() -> None:
    data = json.dumps([{"articleBody": "x"}] * (MAX_JSON_NODES * 2))
    assert claims(f'<script type="application/ld+json">{data}</script>').body == "x"
