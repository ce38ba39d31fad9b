"""Blocks get their element whatever they are called; controls inside a sentence become part of it."""

import pytest

from unabridged.extraction.html.dom import parse
from unabridged.extraction.structure.disguised_blocks import join_strangers, name_disguised_blocks
from unabridged.extraction.structure.page_names import page_names
from unabridged.extraction.structure.ruby import tighten_ruby


def tags_of(html: str, selector: str) -> list[str]:
    dom = parse(f"<body>{html}</body>")
    found = dom.select(selector)
    name_disguised_blocks(dom, page_names(dom))
    join_strangers([element.tag for element in found], found)
    return [element.tag for element in found]


@pytest.mark.parametrize(
    ("html", "tag"),
    [
        ('<span class=x data-as="p">One.</span>', "p"),
        ('<span class=x role="paragraph">One.</span>', "p"),
        ('<div class=x role="heading" aria-level="3">One</div>', "h3"),
        ('<div class=x role="list"><div role="listitem">One</div><div role="listitem">Two</div></div>', "ul"),
        ('<span class=x style="margin:0; display: block">One two.</span>', "div"),
        ("<p>See <glossary-term class=x>the row</glossary-term> there.</p>", "span"),
        ("<p>See <button class=x>the row</button> there.</p>", "span"),
        ("<p>See <output class=x>12</output> rows.</p>", "span"),
    ],
)
def test_an_element_gets_the_name_of_what_it_is(html: str, tag: str) -> None:
    assert tags_of(html, ".x") == [tag]


@pytest.mark.parametrize(
    ("html", "tag"),
    [
        ("<p>Text.</p><button class=x>Read more</button>", "button"),
        (
            '<div class=x role="list"><p role="listitem"><img src=a></p><p role="listitem">2</p></div>',
            "div",
        ),
        ("<div><my-card class=x><p>One.</p></my-card></div>", "my-card"),
        ('<p>A word <span class=x data-as="p">inside</span> a sentence.</p>', "span"),
        ('<pre><span class=x style="display:block">line one</span></pre>', "span"),
    ],
)
def test_other_elements_keep_their_names(html: str, tag: str) -> None:
    assert tags_of(html, ".x") == [tag]


def test_ruby_loses_the_white_space_of_its_source() -> None:
    dom = parse("<p>鋸の<ruby>\n <rb>刃</rb>\n <rt> やいば </rt>\n</ruby>を</p>")
    tighten_ruby(dom, page_names(dom))
    assert dom.body.text == "鋸の刃やいばを"
