"""Judgement whether an article's text is complete, with the evidence in words.

Precision before recall: text is reported missing only on a sign that a person would accept. A long text with
none of the signs is full. Expensive signs are looked for only if the text is short or the page declares that
it is not free. docs/why/completeness.md tells the order, and what was measured.
"""

from collections.abc import Callable, Iterator

from unabridged.extraction.completeness.app_shell import loads_its_text
from unabridged.extraction.completeness.blocked import blocked
from unabridged.extraction.completeness.consent_walls import consent_wall
from unabridged.extraction.completeness.facts import Facts, JudgedText
from unabridged.extraction.completeness.live_blogs import live_blog
from unabridged.extraction.completeness.no_articles import empty, gone, no_article
from unabridged.extraction.completeness.paywalls import paywalled
from unabridged.extraction.completeness.truncation import (
    broken_off,
    ends_early,
    own_limits,
    shorter_than_claimed,
    shorter_than_site,
)
from unabridged.model import Completeness, CompletenessKind

Sign = Callable[[Facts], Iterator[str]]

ORDER: tuple[tuple[CompletenessKind, Sign], ...] = (
    ("blocked", blocked),
    ("consent_wall", consent_wall),
    ("not_an_article", gone),
    ("truncated", loads_its_text),
    ("not_an_article", no_article),
    ("paywalled", paywalled),
    ("truncated", broken_off),
    ("truncated", own_limits),
    ("live_blog", live_blog),
    ("truncated", shorter_than_claimed),
    ("truncated", ends_early),
    ("truncated", shorter_than_site),
    ("not_an_article", empty),
)
"""Verdicts in the order in which their signs are looked for; the first with a sign holds."""


def judge(given: JudgedText) -> Completeness:
    """Judge whether a text is its page's whole article."""
    facts = Facts(given=given)
    for kind, sign in ORDER:
        if evidence := tuple(sign(facts)):
            return Completeness(kind=kind, evidence=evidence)
    return Completeness(kind="full", evidence=_full_evidence(facts))


def _full_evidence(facts: Facts) -> tuple[str, ...]:
    """Return the evidence for a complete text."""
    found = [f"{facts.words} words, no sign of a cut"]
    if facts.metadata.free is True:
        found.append("the structured data says that it is free")
    return tuple(found)
