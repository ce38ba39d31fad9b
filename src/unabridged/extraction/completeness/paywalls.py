"""Signs of a paywall: calls to subscribe or to log in for the rest of this article, declared prices."""

from collections.abc import Iterator

from unabridged.extraction.completeness.endings import breaks_off, ends_with_more
from unabridged.extraction.completeness.facts import SHORT, VERY_SHORT, Facts
from unabridged.extraction.completeness.paywall_calls import find_call

TEASER = 60
"""Words; a shorter text of an article that is not free is taken for its teaser without another sign."""
DECLARED_SHORT = 250
"""Words; below, a call anywhere on a page that declares a price concerns this text."""
LONG = 600
"""Words; a longer text is whole, whatever follows it. The longest opening before a call had 390."""
WHOLE_SHARE = 0.8
"""Of the declared length: a text as long as this is whole."""


def paywalled(facts: Facts) -> Iterator[str]:
    """Yield signs of a paywall. A text as long as the page declares is whole all the same."""
    free, words = facts.metadata.free, facts.words
    paid = free is False
    if words >= LONG or (words >= SHORT and free is True) or _as_long_as_declared(facts):
        return
    cut = (ends_with_more(facts) or breaks_off(facts)) if words < SHORT else ""
    known = words < (SHORT if paid or cut else VERY_SHORT)
    called = find_call(facts.near, known=known) if words < SHORT or paid else ""
    if not called and paid and words < DECLARED_SHORT:
        called = find_call(facts.page, known=False)
    if paid and (called or words < TEASER or cut):
        yield "the structured data says that it is not free (isAccessibleForFree)"
    if called:
        yield f"the page calls for a subscription: “{called[:80]}”"


def _as_long_as_declared(facts: Facts) -> bool:
    declared = len(facts.metadata.article_body)
    if declared > 800 and len(facts.text) >= WHOLE_SHARE * declared:
        return True
    counted = facts.metadata.word_count or 0
    return counted > VERY_SHORT and facts.words >= WHOLE_SHARE * counted
