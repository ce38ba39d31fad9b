"""Titles, dates and summaries of items, and the places where a list has them."""

# ruff: noqa: E501 - HTML

from datetime import UTC, datetime

import pytest

from unabridged.feeds.lists.fields import (
    DateForm,
    date_of,
    day_order,
    learn_date,
    learn_summary,
    learn_title,
    summary_of,
    title_of,
)
from unabridged.feeds.lists.groups import Item, groups_of, items_of
from unabridged.feeds.lists.links import parse_list_page

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
URL = "https://harbour.example/"
TITLES = [
    "Ferry sails again at dawn",
    "Council votes for the bridge",
    "School opens its library",
    "Market moves",
]


def items(row: str, values: list[str]) -> list[Item]:
    rows = "".join(
        row.format(n=n, title=title, value=value)
        for n, (title, value) in enumerate(zip(TITLES, values, strict=True))
    )
    groups = groups_of(parse_list_page(f"<ul>{rows}</ul>", URL))
    group = max(groups, key=lambda one: len(one.links))
    return items_of(group.links, group.levels, group.run)


@pytest.mark.parametrize(
    ("row", "values", "first"),
    [
        ("<li>{value} <a href='/{n}'>{title}</a></li>", ["1/2/2026", "13/2/2026", "3/3/2026", "4/3/2026"], "2026-02-01"),
        ("<li>{value} <a href='/{n}'>{title}</a></li>", ["1/2/2026", "1/22/2026", "1/3/2026", "1/4/2026"], "2026-01-02"),
        ("<li><a href='/{n}'>{title}</a> [{value}]</li>", ["11-29", "11-28", "12-24", "01-02"], "2026-11-29"),
        ("<li><a href='/{n}'>{title}</a> {value}</li>", ["5月3日", "5月2日", "5月1日", "4月30日"], "2026-05-03"),
        ("<li><a href='/{n}'>{title}</a> {value}</li>", ["3 hours ago", "2 days ago", "3 days ago", "1 week ago"], "2026-11-30"),
        ("<li><a href='{value}/{n}'>{title}</a></li>", ["/2026/05/03", "/2026/05/02", "/2026/4/30", "/20260429"], "2026-05-03"),
        (
            "<li><time class='updated' datetime='2026-11-30'></time><a href='/{n}'>{title}</a>"
            "<time class='published' datetime='{value}'></time></li>",
            ["2026-05-03", "2026-05-02", "2026-05-01", "2026-04-30"],
            "2026-05-03",
        ),
    ],
)  # fmt: skip
def test_a_date_is_read_where_its_list_has_it_and_as_the_list_writes_it(
    row: str, values: list[str], first: str
) -> None:
    found = items(row, values)
    form = learn_date(found, TITLES, None, NOW)
    clocks = [date_of(item, title, form, None, NOW) for item, title in zip(found, TITLES, strict=True)]
    assert form.place
    assert all(clocks) and clocks[0] is not None and clocks[0].at.date().isoformat() == first
    assert all(clock.at <= NOW for clock in clocks if clock)


def test_an_address_with_a_number_is_no_date_and_neither_is_a_title() -> None:
    found = items("<li><a href='/story-201108071-{n}'>{title} 2026</a></li>", ["", "", "", ""])
    assert learn_date(found, TITLES, None, NOW) == DateForm()
    assert date_of(found[0], found[0].link.text, DateForm(), None, NOW) is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [(["13/2/2026", "1/2/2026"], "dmy"), (["2/13/26"], "mdy"), (["1/2/2026"], ""), ([], "")],
)
def test_the_order_of_day_and_month_is_told_by_the_whole_list(texts: list[str], order: str) -> None:
    assert day_order(texts) == order


def test_the_title_is_the_headline_and_not_the_whole_card_or_read_more() -> None:
    card = "<li><a href='/{n}'><span class=k>Town</span><b class=headline>{title}</b><i>{value}</i></a></li>"
    texts = ["a summary of the story with many words in it " * 3] * 4
    found = items(card, texts)
    assert [title_of(item, learn_title(found)) for item in found] == TITLES
    more = items("<li><h4>{title}</h4><p>{value}</p><a href='/{n}'>Read more</a></li>", texts)
    place = learn_title(more)
    assert place == "h4" and [title_of(item, place) for item in more] == TITLES
    assert learn_summary(more, TITLES) == "p"
    assert summary_of(more[0], TITLES[0], "p").startswith("a summary of the story")


def test_a_summary_is_escaped() -> None:
    found = items(
        "<li><a href='/{n}'>{title}</a><p>{value}</p></li>",
        ["&lt;b&gt; is bold, as everybody in town knows"] * 4,
    )
    assert summary_of(found[0], TITLES[0], "p").startswith("&lt;b>")


def test_the_year_of_a_day_without_one_stands_in_the_address() -> None:
    days = ["03-12", "03-11", "03-10", "03-08"]
    rows = [f"/2025/{day.replace('-', '')}/c1" for day in days]
    found = items("<li><a href='{value}-{n}.html'>{title}</a> <i>x</i></li>", rows)
    form = learn_date(found, TITLES, None, NOW)
    clock = date_of(found[0], TITLES[0], form, None, NOW)
    assert form.place == "address" and clock is not None and clock.at.date().isoformat() == "2025-03-12"


def test_a_day_before_a_part_of_the_list_is_the_day_of_its_items() -> None:
    part = "<h3>{0} May 2026</h3><ul><li><a href='/{0}'>A story of the {0}th day</a></li></ul>"
    page = parse_list_page("<div>" + "".join(part.format(n) for n in range(9, 4, -1)) + "</div>", URL)
    (group,) = groups_of(page)
    found = items_of(group.links, group.levels, group.run)
    titles = [item.link.text for item in found]
    form = learn_date(found, titles, None, NOW)
    days = [date_of(item, title, form, None, NOW) for item, title in zip(found, titles, strict=True)]
    assert [clock and clock.at.day for clock in days] == [9, 8, 7, 6, 5]
