"""Pages that are only the frame of an application: scripts load their text."""

import re
from collections.abc import Iterator

from unabridged.extraction.completeness.facts import LEAST_TEXT, Facts
from unabridged.text.patterns import lazy_regex

_ROOTS = (
    "#root,#__next,#__nuxt,#app,#___gatsby,#svelte,#react-root,#main-app,#application,#app-root,app-root,[ng-app],"
    "[ng-version],[data-reactroot],[data-page],#__docusaurus,#ember-app,#q-app,#__layout,script#__NEXT_DATA__,"
    "script[src*='_next/'],script[src*='_nuxt/'],script[type=module][src]"
)
_ASKS = lazy_regex(
    r"java\s?script.{0,60}(?:enable|require|need|disabled|turn|activ|habilit|aktivier|"
    r"einschalten|включ|ligar|inschakel|"
    r"启用|啟用|有効)|(?:enable|turn on|requires?|needs?|without|activat|activer|activez|activar|habilit\w*|"
    r"aktivieren|включите|请启用|請啟用).{0,40}java\s?script",
    re.IGNORECASE,
)


def loads_its_text(facts: Facts) -> Iterator[str]:
    """Yield the sign that a page with hardly any text leaves its text to scripts."""
    dom, words = facts.dom, facts.words
    if not 0 < words < LEAST_TEXT:
        return
    asked = any(_ASKS.search(" ".join(element.text[:2000].split())) for element in dom.elements("noscript"))
    if asked or dom.select(_ROOTS)[:1]:
        yield f"scripts load the page's text: only {words} words stand in the page itself"
