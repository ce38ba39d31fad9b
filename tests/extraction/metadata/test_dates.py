"""Dates of a page: which are the article's, and what speaks for them."""

from datetime import UTC, datetime, timedelta

from tests.extraction.metadata.pages import NOW, page, read
from unabridged.extraction import extract


def test_dates_of_comments_and_related_stories_do_not_count() -> None:
    body = """<h1>The bridge is closed today</h1><time datetime="2024-02-01T10:00:00Z">1 Feb</time>
        <div class="related-posts"><time datetime="2025-05-05">5 May</time></div>
        <div class="comments"><time datetime="2024-02-03">3 Feb</time></div>"""
    found = read(page("<title>The bridge is closed today</title>", body))
    assert found.published is not None
    assert found.published.at.date().isoformat() == "2024-02-01"


def test_the_day_in_the_address_is_a_witness() -> None:
    found = read(
        page("<title>The bridge</title>", "<h1>The bridge</h1>"), url="https://a.example/2024/02/01/bridge"
    )
    assert found.published is not None
    assert (found.published.at.date().isoformat(), found.published.origin) == ("2024-02-01", "url")


def test_a_date_in_the_future_is_not_believed() -> None:
    tomorrow_week = (NOW + timedelta(days=8)).isoformat()
    assert read(page(f'<meta property="article:published_time" content="{tomorrow_week}">')).published is None


def test_a_day_with_its_month_in_words_is_read_from_the_address() -> None:
    found = read(
        page(body="<h1>The bridge</h1>"), url="https://herald.example/blog/2023/october/03/the-bridge"
    )
    assert found.published is not None and found.published.at.date().isoformat() == "2023-10-03"


FETCHED = datetime(2025, 11, 5, 12, 0, tzinfo=UTC)
PAGE = """<html><head><title>The night of the mill</title></head><body>
<article><h1>The night of the mill</h1><span class="post-date">3 hours ago</span>
<p>The mill at Overby has ground rye since 1734, and on the first Saturday of October
the miller lets the wheel run all night for anyone who wants to bring a sack.</p>
</article></body></html>"""


def test_a_page_that_tells_its_age_has_a_date_if_the_time_of_its_fetch_is_known() -> None:
    article = extract(PAGE, url="https://overby.example/mill", now=FETCHED)
    assert article.published is not None
    assert article.published.isoformat() == "2025-11-05T09:00:00+00:00"


def test_an_age_is_no_date_if_nobody_knows_when_the_page_was_fetched() -> None:
    assert extract(PAGE, url="https://overby.example/mill").published is None


def test_the_only_date_beside_the_headline_counts_even_in_a_box_named_for_teasers() -> None:
    body = "<h1>The bridge</h1><div class=teaser-meta><p>Ann Lee on 1 February 2024</p></div>"
    found = read(page("<title>The bridge</title>", body))
    assert found.published is not None
    assert found.published.at.date().isoformat() == "2024-02-01"


def test_the_address_decides_which_of_the_numbers_is_the_month() -> None:
    body = "<h1>The bridge</h1><p class=date>03/10/2023</p>"
    found = read(page(body=body), url="https://herald.example/2023/10/03/the-bridge")
    assert found.published is not None
    assert found.published.at.date().isoformat() == "2023-10-03"


def test_dates_of_teasers_below_a_text_do_not_count_even_if_there_is_no_other() -> None:
    text = "<p>" + "The bridge over the river was closed on Monday. " * 9 + "</p>"
    teasers = "<div class=teaser-meta><p>1 February 2024</p></div>"
    assert read(page("<title>The bridge</title>", f"<h1>The bridge</h1>{text}{teasers}")).published is None
