"""Ages ("3 hours ago") are read relative to the time at which the page was fetched."""

from datetime import UTC, datetime

import pytest

from unabridged.dates.ages import read_age
from unabridged.extraction import extract

NOW = datetime(2025, 11, 5, 12, 0, tzinfo=UTC)


def age(text: str) -> str | None:
    clock = read_age(text, kind="published", origin="page", now=NOW)
    return clock and clock.at.isoformat()[: 10 if clock.day_only else 16]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("3 hours ago", "2025-11-05T09:00"),
        ("an hour ago", "2025-11-05T11:00"),
        ("45 min ago", "2025-11-05T11:15"),
        ("Updated 2 days ago", "2025-11-03"),
        ("vor 2 Stunden", "2025-11-05T10:00"),
        ("vor einem Tag", "2025-11-04"),
        ("hace 3 días", "2025-11-02"),
        ("il y a 2 heures", "2025-11-05T10:00"),
        ("há 5 horas", "2025-11-05T07:00"),
        ("2 giorni fa", "2025-11-03"),
        ("5 dagen geleden", "2025-10-31"),
        ("for 3 timer siden", "2025-11-05T09:00"),
        ("2 dni temu", "2025-11-03"),
        ("3 часа назад", "2025-11-05T09:00"),
        ("3小时前", "2025-11-05T09:00"),
        ("2 天前", "2025-11-03"),
        ("10分前", "2025-11-05T11:50"),
        ("3 시간 전", "2025-11-05T09:00"),
        ("昨天 12:30", "2025-11-04T12:30"),
        ("Yesterday at 2:05 pm", "2025-11-04T14:05"),
        ("heute, 08:12 Uhr", "2025-11-05T08:12"),
        ("前天", "2025-11-03"),
    ],
)
def test_an_age_is_a_time_before_the_fetch(text: str, at: str) -> None:
    assert age(text) == at


@pytest.mark.parametrize(
    "text", ["", "ago", "3 hours", "today's news", "hier soir on a dîné", "in 3 days", "9" * 50]
)
def test_other_texts_are_no_ages(text: str) -> None:
    assert age(text) is None


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
