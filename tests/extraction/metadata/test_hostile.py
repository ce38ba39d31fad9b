"""Mutated and hostile pages never make the reader of metadata raise, and never make it slow without bound."""

import json
import random
import sys
from datetime import UTC, datetime

import pytest

from unabridged.extraction import extract
from unabridged.extraction.completeness.facts import JudgedText
from unabridged.extraction.completeness.judge import judge
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import read_metadata

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SEED = """<html lang="en"><head><title>The bridge is closed | The Herald</title><base href="/x/">
<meta property="og:title" content="The bridge">
<meta property="article:published_time" content="2024-02-01T10:00:00Z">
<script type="application/ld+json">{"@graph":[{"@type":["NewsArticle"],"headline":"The bridge",
"author":[{"@id":"#a"}],"datePublished":"2024-02-01","image":{"@id":"#i"}},
{"@id":"#a","name":["Ann Lee",null]},{"@id":"#i","url":[{}]}]}</script>
</head><body><h1 class="title">The bridge</h1>
<p class="byline">By <a rel="author">Ann Lee</a> and Bo Li | 1 Feb 2024</p>
<time datetime="2024-02-01">1 February 2024</time><img srcset="a.jpg 1x, b.jpg 900w" src="c.jpg">
<div class="comments"><span class="date">03/04/2024</span></div><p>Text goes on.</p></body></html>"""
SCRAPS = ["<", ">", '"', "{", "}", "[", "]", "\x00", "9999", "年", "\u202e", "&#"]


def mutated(rng: random.Random) -> str:
    text = list(SEED)
    for _ in range(rng.randrange(1, 60)):
        place = rng.randrange(len(text))
        match rng.randrange(4):
            case 0:
                del text[place : place + rng.randrange(1, 30)]
            case 1:
                text[place:place] = rng.choice(
                    ["<", ">", '"', "{", "}", "[", "]", "\x00", "9999", "年", "\u202e", "&#"]
                )
            case 2:
                text[place] = chr(rng.randrange(1, 0xD7FF))
            case _:
                start = rng.randrange(len(text))
                text[place:place] = text[start : start + rng.randrange(1, 80)]
    return "".join(text)


def read(html: str) -> None:
    dom = parse(html)
    metadata = read_metadata(dom, url="https://a.example/b", now=NOW)
    judge(JudgedText(dom=dom, metadata=metadata, text="Some text."))


@pytest.mark.parametrize("seed", range(8))
def test_mutated_pages_are_read(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(60):
        read(mutated(rng))


@pytest.mark.parametrize(
    "html",
    [
        "<div class='author date'>" * 20_000 + "By Ann Lee, 1 May 2024",
        "<h1>" + "a | " * 50_000 + "</h1>",
        "<title>" + "x - " * 50_000 + "</title><h1>x</h1>",
        "<h1>t</h1>" + "<time datetime='2024-01-01'>x</time>" * 20_000,
        "<h1>t</h1>" + "<p class='byline'>By Ann Lee and Bo Li</p>" * 5_000,
        "<meta name='a' content='b'>" * 20_000,
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script>",
        "<script type='application/ld+json'>" + '{"@type":"Article","author":' * 20_000 + "</script>",
        "<script type='application/ld+json'>[" + '{"@type":"Article","headline":"x"},' * 20_000 + "</script>",
        "<h1>t</h1><p>" + "By " * 100_000 + "</p>",
        "<h1>t</h1><img srcset='" + "a.jpg 1w, " * 50_000 + "'>",
        "<p class='" + "author-date " * 20_000 + "'>x</p>",
    ],
    ids=range(12),
)
def test_a_bomb_is_read_within_a_bound_of_work(html: str) -> None:
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    dom = parse(html)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        metadata = read_metadata(dom, url="https://a.example/b", now=NOW)
        judge(JudgedText(dom=dom, metadata=metadata, text="Some text."))
    finally:
        sys.setprofile(before)
    assert calls < 300_000


@pytest.mark.parametrize("text", ["31 May 2020 (1/2/2020)", "2020-05-31 1/2/20", "1/2/20, again 25/12/2019"])
def test_a_day_beside_an_ambiguous_one_is_read(text: str) -> None:
    page = f"<html lang=en><body><h1>The bridge is closed</h1><time>{text}</time><p>On.</p></body></html>"
    found = read_metadata(parse(page), now=NOW).published
    assert found is not None
    assert found.at.year in (2019, 2020)


CONTROLS = "\x1b]52;c;ZXZpbA==\x07\x1b[2J\x9b2J\x9d0;t\x9c\x7f\x08\u202e\u2066\u200f\u2028\x85"


def test_no_field_of_a_page_holds_what_a_terminal_obeys() -> None:
    data = {
        "@type": "NewsArticle",
        "headline": f"The{CONTROLS} ferry",
        "author": {"@type": "Person", "name": f"Ada{CONTROLS} Quill"},
        "articleSection": f"Sea{CONTROLS}",
        "keywords": [f"ships{CONTROLS}"],
        "publisher": {"name": f"The{CONTROLS} Paper"},
    }
    article = extract(
        f"<html><head><title>The{CONTROLS} ferry</title><meta name=description content='About{CONTROLS} it'>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script></head>"
        f"<body><article><h1>The{CONTROLS} ferry</h1>"
        f"<p>{'Some words of a story. ' * 40}</p></article></body></html>"
    )
    texts = (
        article.title,
        *article.authors,
        article.section,
        article.site_name,
        article.summary,
        *article.tags,
    )
    assert article.title.startswith("The") and article.authors
    for text in filter(None, texts):
        assert text.isprintable(), repr(text)
