"""Every page in another language: no English is left in it but names and what people and publishers wrote."""

import re
from collections.abc import Iterator

import httpx
import pytest
from lxml import html

from tests.serve.test_app import PATHS, WRONG

SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-confirm", "data-label", "data-text")
SILENT = frozenset(("code", "kbd", "script", "style", "bdi", "svg", "textarea"))
OWN_NAMES = re.compile(
    r"[a-z]*:?//?[a-z0-9][!-~]*|Unabridged|Memento|TimeMap|RSS|Atom|JSON|OPML|HTML|HTTPS?|Markdown|JavaScript|SingleFile|Cookie|"
    r"User-Agent|PIN|SHA-256|UTC|X-Token|CAPTCHA|XML|XPath|ID|id|class|ZIP|PDF|MP3|Esc|Space|Enter|content-type|"
    r"audio/mpeg|Python|SQLite|PostgreSQL|(?:accounts|bulk|postgresql|ray|datatrove)\b|(?<![A-Za-z])[kKMGT]?B(?![A-Za-z])|"
    r"(?<![a-z])(?:https?|ftp)(?![a-z])|\[fetch\]|allow_private|：(?:url|show)。|「none」|'[^']*'|`[^`]*`|"
    r"0\.mp3|\b[\w-]+\.example\S*|127\.0\.0\.1\S*|[a-z]+: (?:[a-z]+: ?)+|is:\w+|"
    r"\([a-zA-Z]\)|（[a-zA-Z]）|limit=\d+|\{\w+\}"
)
"""Names of things, examples of addresses, signs of keys and of searches: the same in every language."""

PAGES = tuple(
    path
    for path in PATHS
    if not re.search(r"\.(?:rss|atom|json|opml|md|css|zip|webmanifest|js)\b|/raw$", path)
    and not re.match(
        r"/(?:media|stream|counts|metrics|healthz|sidebar|jobs|admin/run|web/timemap|web/\d+id_)\b", path
    )
)


def english(page: str, known: frozenset[str]) -> list[str]:
    """Return the pieces of a page with Latin words, without those of which other people are the authors."""
    found = [_without_names(text, known) for text in _said(html.fromstring(page))]
    return [text for text in found if re.search(r"[A-Za-z]{2,}", text)]


def _without_names(text: str, known: frozenset[str]) -> str:
    for name in known:
        text = text.replace(name, "")
    return OWN_NAMES.sub("", text)


def _said(element: html.HtmlElement, is_top: bool = True) -> Iterator[str]:
    """Yield what a page says: text and attributes, but for elements that hold the words of others."""
    if not isinstance(element.tag, str) or element.tag in SILENT:
        return
    is_own = element.get("lang") in (None, "ja") and element.get("dir") != "auto"
    if is_own or is_top:
        yield from (element.get(name, "") for name in SPOKEN)
        yield element.text or ""
        for child in element:
            yield from _said(child, is_top=False)
            yield child.tail or ""


KNOWN = frozenset(("The News", "Reading", "the-news", "Europe", "story"))
"""Names in the archive of the tests: a feed, a folder."""


@pytest.mark.parametrize("path", PAGES)
def test_no_english_is_left_in_a_page(web: httpx.Client, path: str) -> None:
    answer = web.get(path, headers={"Accept-Language": "ja"})
    assert answer.headers["content-language"] == "ja"
    assert 'lang="ja" dir="ltr"' in answer.text
    assert english(answer.text, KNOWN) == []


@pytest.mark.parametrize("path", WRONG)
def test_no_english_is_left_in_an_error(web: httpx.Client, path: str) -> None:
    answer = web.get(path, headers={"Accept-Language": "ja"})
    assert english(answer.text, KNOWN) == []


@pytest.mark.parametrize(
    "planted",
    [
        "<p>Planted words</p>",
        '<p title="Planted">設定</p>',
        "<h1>設定 <b>Planted</b></h1>",
        '<input placeholder="Planted">',
        '<p>設定</p><div class="text" lang="ja">Planted</div>',
    ],
)
def test_planted_english_is_found(planted: str) -> None:
    assert len(english(f'<html lang="ja"><body>{planted}</body></html>', KNOWN)) == 1


def test_words_of_publishers_and_names_are_no_fault() -> None:
    page = (
        '<html lang="ja"><body><h1 lang="en">Their words</h1><a dir="auto">A name</a>'
        "<code>unabridged find</code><p>The News：RSS（t）</p></body></html>"
    )
    assert english(page, KNOWN) == []
