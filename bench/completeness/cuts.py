"""Cuts of real pages by recipe: what a publisher sends to those who may not or shall not read the whole.

A cut works on the paragraphs whose words stand in the true text: the first ones are kept, the others are
taken out of the tree, and out of the page's data, as publishers do.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from bench.completeness.words import words
from unabridged.extraction.html.dom import Dom, Element, parse
from unabridged.model import CompletenessKind, Entry
from unabridged.text.words import estimate_words

LEAST_LETTERS = 40
"""Letters of a paragraph that is looked for in the true text."""
LEAST_PARAGRAPHS = 5
MOST_LEFT = 0.6
"""Largest share of the true text that a cut may leave."""

_FREE = re.compile(r'"isAccessibleForFree"\s*:\s*"?\w+"?\s*,')
_HEADLINE = re.compile(r'@type"\s*:\s*\[?\s*"(?:News|Reportage)?\w*Article"\]?\s*,\s*(")')
_LETTERS = re.compile(r"\W+")


class NotCut(Exception):
    """The page's paragraphs were not found, or its text stands in the page's data too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A recipe. kept: paragraphs that stay, 0 for the standfirst only, None for all."""

    name: str
    verdict: CompletenessKind
    kept: int | None = 2
    after: Callable[[Mapping[str, Any]], str] | None = None
    before: Callable[[Mapping[str, Any]], str] | None = None
    paid: bool = False
    ending: str = ""
    feed: str = ""
    claims: bool = False
    also: tuple[CompletenessKind, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPage:
    html: bytes
    entry: Entry | None = None


def _more_link(text: Mapping[str, Any]) -> str:
    return f"<div class='cta'><a href='/full'>{escape(text['more'])}</a></div>"


def _promo(text: Mapping[str, Any]) -> str:
    title, body, button, known = (escape(part) for part in text["promo"])
    return (
        f"<div class='gate'><h3>{title}</h3><p>{body}</p><a class='button' href='/abo'>{button}</a>"
        f"<p><a href='/login'>{known}</a></p></div>"
    )


def _newsletter(text: Mapping[str, Any]) -> str:
    return f"<div class='box'><p>{escape(text['newsletter'])}</p><form><input type=email></form></div>"


def _meter(text: Mapping[str, Any]) -> str:
    return f"<div class='counter'><p>{escape(text['meter'])}</p></div>"


def _minutes(text: Mapping[str, Any]) -> str:
    return f"<span class='reading-time'>{escape(text['minutes'].format(n=9))}</span>"


CUTS = {
    cut.name: cut
    for cut in (
        Cut(name="read-more", verdict="truncated", after=_more_link),
        Cut(name="dots", verdict="truncated", ending=" …"),
        Cut(name="dots-in-brackets", verdict="truncated", kept=1, ending=" [...]"),
        Cut(name="mid-sentence", verdict="truncated", kept=3, ending="\0"),
        Cut(name="promo", verdict="paywalled", after=_promo),
        Cut(name="promo-declared", verdict="paywalled", after=_promo, paid=True, kept=3),
        Cut(name="declared-only", verdict="paywalled", paid=True, kept=1, ending=" …"),
        Cut(name="feed-has-it-all", verdict="truncated", kept=2, feed="content"),
        Cut(name="feed-has-more", verdict="truncated", kept=1, feed="summary"),
        Cut(name="words-declared", verdict="truncated", kept=2, claims=True),
        Cut(name="minutes-shown", verdict="truncated", kept=2, before=_minutes),
        Cut(name="broken-off", verdict="truncated", kept=None, ending="\f"),
        Cut(name="with-newsletter", verdict="full", kept=None, after=_newsletter),
        Cut(name="with-meter", verdict="full", kept=None, after=_meter),
        Cut(name="with-promo-of-site", verdict="full", kept=None, paid=True),
        Cut(name="with-summary-in-feed", verdict="full", kept=None, feed="teaser"),
    )
}
"""Recipes by name."""

SITE_CUTS = (
    Cut(name="whole", verdict="full", kept=None),
    Cut(name="first-paragraph", verdict="truncated", kept=1),
    Cut(name="two-paragraphs", verdict="truncated", kept=2),
    Cut(name="half-a-sentence", verdict="truncated", kept=1, ending="\0"),
)
"""Recipes without another sign than the length: only the site's own measure, or none, can tell."""

ENDINGS = "\0\f"
"""An ending of NUL cuts in mid-sentence, of FORM FEED the bytes in the middle of a paragraph."""


def cut_page(html: bytes, gold: str, language: str, cut: Cut) -> CutPage:
    """Return a page cut by a recipe. gold: its true text. Raises NotCut."""
    dom = parse(html)
    found = true_paragraphs(dom, gold)
    if len(found) < LEAST_PARAGRAPHS:
        raise NotCut("too few paragraphs")
    texts = [" ".join(one.text.split()) for one in found]
    if cut.ending == "\f":
        return _broken_off(dom.source, texts)
    kept = len(found) if cut.kept is None else cut.kept
    if cut.kept is not None:
        _remove_rest(found, kept)
        _strip_data(dom, texts[kept:])
    if cut.ending:
        _end(found[kept - 1], cut.ending)
    if cut.after is not None:
        found[kept - 1].insert_adjacent_html("afterend", cut.after(words(language)))
    if cut.before is not None:
        found[0].insert_adjacent_html("beforebegin", cut.before(words(language)))
    left = texts if cut.kept is None else _left(dom, texts)
    if cut.kept is not None and sum(map(len, left)) > MOST_LEFT * sum(map(len, texts)):
        raise NotCut("the text stands elsewhere in the page too")
    page = dom.document.html
    if cut.paid:
        page = _declared(_FREE.sub("", page), '"isAccessibleForFree":"False"')
    if cut.claims:
        page = _declared(page, f'"wordCount":{estimate_words(gold)}')
    return CutPage(html=page.encode(errors="replace"), entry=_entry(cut, texts))


def true_paragraphs(dom: Dom, gold: str) -> list[Element]:
    """Return the paragraphs of a page that stand in its true text, in order."""
    letters = _LETTERS.sub("", gold).casefold()
    found: list[Element] = []
    for element in dom.elements(("p",)):
        own = _LETTERS.sub("", element.text).casefold()
        if len(own) >= LEAST_LETTERS and own in letters:
            found.append(element)
    return found


def _remove_rest(found: list[Element], kept: int) -> None:
    """Take out the paragraphs from the `kept`th on, and what stands between them on their own level."""
    last = found[kept - 1]
    for element in found[kept:]:
        previous = element.previous_sibling
        while previous is not None and previous is not last and not _holds(previous, found[:kept]):
            before = previous.previous_sibling
            previous.extract()
            previous = before
        element.extract()


def _holds(node: Any, kept: list[Element]) -> bool:
    return any(node is one or node in tuple(one.ancestors) for one in kept)


def _strip_data(dom: Dom, removed: list[str]) -> None:
    """Take the removed text out of scripts, templates and attributes' data."""
    samples = [_LETTERS.sub("", text)[:30] for text in removed]
    for script in list(dom.elements(("script", "template", "noscript", "textarea"))):
        text = script.inner_html
        folded = _LETTERS.sub("", text.replace("\\n", " ").replace("\\u003c", "<"))
        named = "articleBody" in text
        if not named and not any(sample in folded for sample in samples):
            continue
        if (script.attr("type") or "") == "application/ld+json" and (mended := _without_body(text)):
            script.set_text(mended)
        else:
            script.extract()


def _without_body(text: str) -> str:
    try:
        data = json.loads(text, strict=False)
    except ValueError:
        return ""
    stack = [data]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            for key in ("articleBody", "text", "wordCount"):
                node.pop(key, None)
            stack += node.values()
        elif isinstance(node, list):
            stack += node
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def _end(element: Element, ending: str) -> None:
    """Cut a paragraph in the middle of a sentence. An ending of NUL adds nothing."""
    text = " ".join(element.text.split())
    half = text[: max(LEAST_LETTERS, len(text) * 2 // 3)]
    whole = half.rpartition(" ")[0] or half
    element.set_text(whole.rstrip(".,;:!?。、，—– ") + ending.strip("\0"))


def _broken_off(source: str, texts: list[str]) -> CutPage:
    """Break the page's bytes off within a paragraph in the middle."""
    for text in texts[len(texts) // 3 :]:
        place = source.find(text[: LEAST_LETTERS // 2])
        if place > 0 and "<body" in source[:place].lower():
            return CutPage(html=source[: place + LEAST_LETTERS // 2 - 3].encode(errors="replace"))
    raise NotCut("the paragraph is not written in one piece")


def _left(dom: Dom, texts: list[str]) -> list[str]:
    whole = _LETTERS.sub("", dom.document.html)
    return [text for text in texts if _LETTERS.sub("", text)[:LEAST_LETTERS] in whole]


def _declared(page: str, member: str) -> str:
    """Return a page whose structured data has one more member: in the article's own object, else in one."""
    own = _HEADLINE.search(page)
    if own:
        return f"{page[: own.start(1)]}{member},{page[own.start(1) :]}"
    object_ = f'{{"@context":"https://schema.org","@type":"NewsArticle",{member}}}'
    script = f'<script type="application/ld+json">{object_}</script>'
    return re.sub(r"<head\b[^>]*>", lambda match: match[0] + script, page, count=1)


def _entry(cut: Cut, texts: list[str]) -> Entry | None:
    if not cut.feed:
        return None
    if cut.feed == "content":
        return Entry(content_html="".join(f"<p>{escape(text)}</p>" for text in texts))
    if cut.feed == "summary":
        return Entry(summary_html="".join(f"<p>{escape(text)}</p>" for text in texts[1:4]))
    return Entry(summary_html=escape(texts[0][:200]) + " [...]")
