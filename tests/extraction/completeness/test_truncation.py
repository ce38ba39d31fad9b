"""Claims of length by the page, the feed and the site."""

import pytest

from tests.extraction.completeness.verdicts import BRIEF, NOW, SENTENCE, judged, page
from unabridged.extraction.article import extract
from unabridged.extraction.completeness.facts import FeedClaims, SiteLength
from unabridged.model import Entry


@pytest.mark.parametrize(("declared", "kind"), [(400, "truncated"), (60, "full"), (5_000_000, "full")])
def test_a_text_with_less_than_half_of_the_declared_words_is_a_part(declared: int, kind: str) -> None:
    assert judged(page(f"<p>{BRIEF}</p>", wordCount=declared), BRIEF).kind == kind


def test_a_declared_count_of_characters_is_none_of_words() -> None:
    text = SENTENCE * 20
    assert judged(page(f"<p>{text}</p>", wordCount=len(text)), text).kind == "full"


def test_a_text_shorter_than_the_feeds_summary_is_a_part() -> None:
    feed = FeedClaims(
        summary="Engineers found cracks in two of the six pillars, and repairs will take a year. " * 6
    )
    found = judged(page(f"<p>{BRIEF}</p>"), BRIEF, feed=feed)
    assert found.kind == "truncated"
    assert "summary" in found.evidence[0]


def test_a_time_of_reading_beside_a_short_text_is_evidence() -> None:
    shown = page(f"<span>8 min read</span><p>{BRIEF}</p>")
    assert judged(shown, BRIEF.strip()).kind == "truncated"
    assert judged(page(f"<span>1 min read</span><p>{BRIEF}</p>"), BRIEF.strip()).kind == "full"


@pytest.mark.parametrize(
    ("usual", "kind"),
    [
        (SiteLength(pages=10, median=6000, shortest=2500), "truncated"),
        (SiteLength(pages=10, median=6000, shortest=300), "full"),  # a site with briefs
        (SiteLength(pages=2, median=6000, shortest=2500), "full"),  # too few pages to tell
        (None, "full"),
    ],
)
def test_a_text_far_shorter_than_all_of_its_site_is_a_part(usual: SiteLength | None, kind: str) -> None:
    assert judged(page(f"<p>{BRIEF}</p>"), BRIEF, usual=usual).kind == kind


def test_the_feeds_claims_reach_the_judge_through_extract() -> None:
    entry = Entry(content_html=f"<p>{SENTENCE * 12}</p>")
    assert extract(page(f"<p>{BRIEF}</p>"), entry=entry, now=NOW).completeness.kind == "truncated"
