"""Embeds, pictures and templates are rewritten in bounded time, and nothing that they hold passes unclean."""

import time

import pytest

from unabridged.extraction import extract
from unabridged.extraction.body.fragment import clean_fragment
from unabridged.extraction.html.dom import parse
from unabridged.extraction.html.media import ICON, POST
from unabridged.extraction.structure.media.media_elements import media_elements

TEXT = (
    "<p>"
    + "The lamp on the point turned every night, although no ship has asked for it in years. " * 4
    + "</p>"
)

HOSTILE = {
    "deep posts": '<blockquote class="twitter-tweet">' * 20_000 + "text of the post",
    "deep players": "<div>" * 30_000 + '<lite-youtube videoid="AbCdEfGhIjK"></lite-youtube>' * 5_000,
    "many icons": "<p>a" + '<img src="/i.png" width="9" height="9"> b ' * 20_000,
    "nested shadow roots": "<x-a><template shadowrootmode=open>" * 400 + "text",
    "slots": "<x-a><template shadowrootmode=open>"
    + "<slot name=a></slot>" * 5_000
    + "</template>"
    + "<i slot=a>b</i>" * 5_000,
    "segments": "".join(
        f'<template id="B:{n}"></template><div hidden id="S:{n}">x</div>' for n in range(5_000)
    ),
    "long attribute": f"<div data-attrs='{{\"url\":{'[' * 50_000}'></div>" * 20,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_a_hostile_page_is_rewritten_in_time(name: str) -> None:
    dom = parse(f"<body><article>{TEXT}{HOSTILE[name]}{TEXT}</article>")
    start = time.process_time()
    media_elements(dom)
    assert time.process_time() - start < 5


def test_a_page_cannot_make_our_own_elements() -> None:
    dom = parse(f"<body><{POST} data-url=http://a.example/>x</{POST}><{ICON} src=/a.png></{ICON}>")
    assert not list(dom.elements((POST, ICON)))


@pytest.mark.parametrize(
    "embed",
    [
        '<blockquote class="twitter-tweet"><p>Words of a post <script>alert(1)</script>'
        "<img src=x onerror=alert(1)>"
        '</p><a href="javascript:alert(1)">x</a></blockquote>',
        '<div data-tweet-id="12345678901" onclick="alert(1)"><p>Words of a post</p></div>',
        '<div data-embed-url="javascript:alert(1)"></div>',
        '<div class="fb-post" data-href="javascript:alert(1)">Words of a post that is long enough</div>',
        '<div class=tweet data-attrs=\'{"url":"https://x.com/a/status/1","full_text":"<script>alert(1)</script>"}\'></div>',
        '<lite-youtube videoid="&quot;onload=alert(1)"></lite-youtube>',
        '<x-a><template shadowrootmode="open"><script>alert(1)</script>'
        '<p onclick="alert(1)">Shadow</p></template></x-a>',
        '<x-img src="javascript:alert(1)"></x-img>'
        '<p>word <img src="data:text/html,x" width=9 height=9 alt="<b>"> word</p>',
    ],
)
def test_embeds_pass_the_sanitizer(embed: str) -> None:
    body = extract(
        f"<body><article><h1>Lamp</h1>{TEXT}{embed}{TEXT}</article>", url="https://a.example/x"
    ).html
    assert "<script" not in body and "javascript:" not in body and " onload" not in body.replace("&quot;", "")
    assert "onclick" not in body and "onerror" not in body
    assert clean_fragment(body) == body


def test_a_second_video_of_the_same_site_is_not_taken_for_a_repeated_picture() -> None:
    first, second = (f'<lite-youtube videoid="AbCdEfGhIj{n}"></lite-youtube>' for n in "KL")
    told = (
        "For thirty-one years the lamp on Skarv Point turned every night, although no chart has shown it.",
        "The man who kept it running is eighty-four, and he was a fitter at the yard in the next village.",
        "Every evening he walked up with a thermos and a can of oil, and stayed until the ferry was in.",
        "The coastal administration found out in spring, when a surveyor noticed that the glass was clean.",
    )
    one, two, three, four = (f"<p>{text}</p>" for text in told)
    page = f"<body><article><h1>Lamp</h1>{one}{first}{two}{second}{three}{first}{four}</article>"
    assert extract(page, url="https://a.example/x").html.count("▶") == 2
