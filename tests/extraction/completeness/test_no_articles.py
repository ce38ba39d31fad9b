"""Lists, shops and forums."""

from tests.extraction.completeness.verdicts import BRIEF, SENTENCE, judged, page
from unabridged.extraction.completeness.facts import FeedClaims


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
