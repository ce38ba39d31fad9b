"""Dates of a page: which are the article's, and what speaks for them."""

from datetime import timedelta

from tests.extraction.metadata.pages import NOW, page, read


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
