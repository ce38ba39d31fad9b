"""Live blogs: posts with times, one after another."""

import pytest

from tests.extraction.completeness.verdicts import NOW, SENTENCE, judged, page
from unabridged.extraction.article import extract


@pytest.mark.parametrize("kind", ["LiveBlogPosting", "NewsArticle"])
def test_posts_with_times_below_a_live_headline_are_a_live_blog(kind: str) -> None:
    posts = "".join(
        f"<section><h3><time>{20 - n}:15</time></h3><p>{SENTENCE}</p></section>" for n in range(8)
    )
    article = extract(page(posts, title="Live: the storm reaches the coast", **{"@type": kind}), now=NOW)
    assert article.completeness.kind == "live_blog"


def test_times_that_only_elements_show_count_below_a_live_headline() -> None:
    posts = "".join(f"<div><p>{SENTENCE}</p><aside><time>{20 - n}:15</time></aside></div>" for n in range(8))
    text = "\n\n".join([SENTENCE] * 8)
    assert judged(page(posts, title="Live: the storm reaches the coast"), text).kind == "live_blog"
    assert judged(page(posts, title="The storm reaches the coast"), text).kind == "full"


def test_an_article_about_live_music_with_times_in_no_order_is_none() -> None:
    text = "\n\n".join(f"{hour}:30 {SENTENCE}" for hour in (9, 20, 7, 19, 8, 18, 6))
    assert judged(page(f"<p>{text}</p>", title="Live music on the river"), text).kind == "full"
