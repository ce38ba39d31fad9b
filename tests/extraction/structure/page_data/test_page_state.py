"""Data of a page is read within bounds, and only for the page's own article."""

import json
import time

import pytest

from unabridged.extraction import extract
from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.page_data.page_data import DataHolder, held_data, parse_json

TITLE = "The lighthouse nobody switched off"
PARAGRAPH = (
    "For thirty-one years the lamp on Skarv Point turned every night, although no chart has shown it since."
)
HTML = (
    f"<p>{PARAGRAPH}</p>" * 3
    + "<script>alert(1)</script><p onclick='alert(1)'>The tin on the counter is full.</p>"
)
URL = "https://coast.example/stories/skarv-point-light"


def page(data: str, head: str = "") -> str:
    return (
        f'<title>{TITLE}</title>{head}<body><div id="__next"></div><script id="__NEXT_DATA__">{data}</script>'
    )


def as_json(value: object) -> str:
    return json.dumps(value).replace("</", "<\\/")


def test_html_of_the_data_passes_the_sanitizer() -> None:
    article = extract(page(as_json({"post": {"title": TITLE, "body": HTML}})), url=URL)
    assert PARAGRAPH in article.text and "The tin on the counter" in article.text
    assert "script" not in article.html and "onclick" not in article.html


def test_the_text_of_another_article_is_not_taken() -> None:
    article = extract(
        page(as_json({"related": [{"title": "Ten walks for the first snow", "body": HTML}]})), url=URL
    )
    assert PARAGRAPH not in article.text and article.completeness.kind != "full"


def test_what_is_not_free_is_not_read_from_the_data() -> None:
    declared = (
        '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>'
    )
    article = extract(page(as_json({"post": {"title": TITLE, "body": HTML}}), declared), url=URL)
    assert PARAGRAPH not in article.text


HOSTILE = {
    "deep": "[" * 200_000,
    "deep blocks": '{"type":"p","content":[' * 900 + '{"type":"text","text":"x"}' + "]}" * 900,
    "wide": as_json([{"type": "p", "text": "x" * 20}] * 15_000),
    "cycle": as_json([{"a": 0, "b": 1}, [0, 1, 1, 0]] * 200),
    "flat bomb": as_json([[n + 1, n + 1] for n in range(5_000)] + ["x"]),
    "unclosed string": '{"a":"' + "x\\" * 100_000,
    "many starts": '={"a":[{"b":' * 30_000,
    "undefined": '={"a":undefined,' * 30_000,
    "quote": "=JSON.parse('" * 20_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
@pytest.mark.parametrize("kind", ["application/json", ""])
def test_hostile_data_is_read_in_time_and_never_raises(name: str, kind: str) -> None:
    source = (
        f'<title>{TITLE}</title><body><div id="root"></div><script type="{kind}">{HOSTILE[name]}</script>'
    )
    start = time.process_time()
    extract(source, url=URL)
    assert time.process_time() - start < 8


def test_json_that_cannot_be_read_is_none() -> None:
    assert parse_json("{") is None and parse_json("[" * 100_000) is None


def test_flight_rows_resolve_their_references() -> None:
    rows = f'0:["$","main",null,{{"article":{{"title":"{TITLE}","body":"$a"}}}}]\na:T{len(HTML):x},{HTML}'
    source = f"<body><script>self.__next_f.push([1,{as_json(rows)}])</script>"
    assert HTML in str(list(held_data(parse(source))))


HELD = {"post": {"title": TITLE, "body": HTML}}
HOLDERS = {
    f'<script id="__NEXT_DATA__">{as_json(HELD)}</script>': DataHolder("script", "script#__NEXT_DATA__"),
    f'<script id="s812345" type="application/json">{as_json(HELD)}</script>': DataHolder(
        "script", 'script[type="application/json"]'
    ),
    f"<script>window.__STATE__ = {as_json(HELD)};</script>": DataHolder("variable", "window.__STATE__"),
    f'<script>window["__x-1"]={as_json(HELD)}</script>': DataHolder("variable", "window.__x-1"),
    f"<script>Store.put('post', {as_json(HELD)})</script>": DataHolder("variable", "Store.put("),
    f"<div data-page='{as_json(HELD)}'></div>".replace("onclick='alert(1)'", ""): DataHolder(
        "attribute", "[data-page]"
    ),
}


@pytest.mark.parametrize("source", HOLDERS)
def test_data_is_found_again_by_its_holder_alone(source: str) -> None:
    dom = parse("<body>" + "".join(HOLDERS))
    held = list(held_data(dom))
    only = list(held_data(dom, only=HOLDERS[source]))
    assert [value for _, value in only] == [value for holder, value in held if holder == HOLDERS[source]]
    assert len(held) == len(HOLDERS) and len(only) == 1
