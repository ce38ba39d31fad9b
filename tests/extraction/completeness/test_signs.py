"""Signs of completeness that feeds, sites and pages give: claims of length, live blogs, lists, walls."""

import json

import pytest

from tests.extraction.completeness.verdicts import NOW
from unabridged.extraction.article import extract
from unabridged.extraction.completeness.facts import FeedClaims, JudgedText, SiteLength
from unabridged.extraction.completeness.judge import judge
from unabridged.extraction.html.dom import parse
from unabridged.extraction.metadata.read import read_metadata
from unabridged.model import Completeness, Entry

SENTENCE = "The old bridge over the river was closed to traffic on Monday, the mayor of the town said. "
BRIEF = SENTENCE * 3
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "The bridge is closed",
    "datePublished": "2026-11-20T08:00:00Z",
}


def page(body: str, *, title: str = "The bridge is closed", **declared: object) -> str:
    node = json.dumps(ARTICLE | declared)
    head = f"<title>{title}</title><script type='application/ld+json'>{node}</script>"
    return f"<html><head>{head}</head><body><h1>{title}</h1>{body}</body></html>"


def judged(html: str, text: str, **given: object) -> Completeness:
    dom = parse(html)
    metadata = read_metadata(dom, now=NOW)
    return judge(JudgedText(dom=dom, metadata=metadata, text=text, **given))  # type: ignore[arg-type]


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


def test_a_text_that_stops_in_the_middle_of_a_sentence_is_a_part() -> None:
    open_end = f"{BRIEF}\n\nWhoever wants to cross the river has to take the ferry until the work on the"
    assert judged(page(f"<p>{open_end}</p>"), open_end).kind == "truncated"
    signed = f"{BRIEF}\n\nIda Brandt, reporter for the valleys and rivers of the north, The Harbour Post"
    assert judged(page(f"<p>{signed}</p>"), signed).kind == "full"


@pytest.mark.parametrize("kind", ["LiveBlogPosting", "NewsArticle"])
def test_posts_with_times_below_a_live_headline_are_a_live_blog(kind: str) -> None:
    posts = "".join(
        f"<section><h3><time>{20 - n}:15</time></h3><p>{SENTENCE}</p></section>" for n in range(8)
    )
    article = extract(page(posts, title="Live: the storm reaches the coast", **{"@type": kind}), now=NOW)
    assert article.completeness.kind == "live_blog"


def test_an_article_about_live_music_with_times_in_no_order_is_none() -> None:
    text = "\n\n".join(f"{hour}:30 {SENTENCE}" for hour in (9, 20, 7, 19, 8, 18, 6))
    assert judged(page(f"<p>{text}</p>", title="Live music on the river"), text).kind == "full"


def test_headings_of_the_text_that_lead_to_other_pages_make_a_list() -> None:
    items = "".join(
        f"<h2><a href='/news/{n}'>Story number {n} of today</a></h2><p>{SENTENCE}</p>" for n in range(9)
    )
    text = "\n\n".join(f"Story number {n} of today\n\n{SENTENCE}" for n in range(9))
    listed = f"<html><head><title>News</title></head><body><main>{items}</main></body></html>"
    assert judged(listed, text, url="https://post.example/news/").kind == "not_an_article"
    assert judged(page(items), text, url="https://post.example/news/1").kind == "full"


def test_what_the_feed_announced_is_an_article_whatever_its_page_calls_itself() -> None:
    forum = page(f"<p>{BRIEF}</p>", **{"@type": "DiscussionForumPosting"})
    assert judged(forum, BRIEF).kind == "not_an_article"
    assert judged(forum, BRIEF, feed=FeedClaims(content=BRIEF)).kind == "full"


def test_a_whole_text_before_an_offer_of_a_paper_that_is_sold_is_full() -> None:
    text = SENTENCE * 30
    offer = "<p>0 free articles left. Already a subscriber? Log in</p>"
    assert (
        judged(page(f"<p>{text}</p>{offer}", isAccessibleForFree=False), text, following=offer).kind == "full"
    )


def test_the_feeds_claims_reach_the_judge_through_extract() -> None:
    entry = Entry(content_html=f"<p>{SENTENCE * 12}</p>")
    assert extract(page(f"<p>{BRIEF}</p>"), entry=entry, now=NOW).completeness.kind == "truncated"
