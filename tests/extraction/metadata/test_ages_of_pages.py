"""A page that states only its age has a date if the time of its fetch is known."""

from datetime import UTC, datetime

from unabridged.extraction import extract

NOW = datetime(2025, 11, 5, 12, 0, tzinfo=UTC)

PAGE = """<html><head><title>The night of the mill</title></head><body>
<article><h1>The night of the mill</h1><span class="post-date">3 hours ago</span>
<p>The mill at Overby has ground rye since 1734, and on the first Saturday of October
the miller lets the wheel run all night for anyone who wants to bring a sack.</p>
</article></body></html>"""


def test_a_page_that_tells_its_age_has_a_date_if_the_time_of_its_fetch_is_known() -> None:
    article = extract(PAGE, url="https://overby.example/mill", now=NOW)
    assert article.published is not None
    assert article.published.isoformat() == "2025-11-05T09:00:00+00:00"


def test_an_age_is_no_date_if_nobody_knows_when_the_page_was_fetched() -> None:
    assert extract(PAGE, url="https://overby.example/mill").published is None
