"""Groups of links, and the items around them."""

from tests.feeds.lists.made import parsed
from unabridged.feeds.lists.groups import groups_of, items_of
from unabridged.feeds.lists.links import parse_list_page

URL = "https://harbour.example/"


def test_a_pinned_item_and_an_ad_belong_to_the_list_and_a_sidebar_with_other_classes_does_not() -> None:
    row = '<div class="{}"><h2 class="t"><a href="/{}">A story of the harbour {}</a></h2></div>'
    listed = "".join(row.format(f"item {extra}", n, n) for n, extra in enumerate(("sticky", "", "wide", "")))
    aside = "".join(row.format("box", f"b{n}", n) for n in range(3))
    groups = groups_of(parse_list_page(f"<div class=l>{listed}</div><div class=r>{aside}</div>", URL))
    assert sorted(len(group.links) for group in groups) == [3, 4]


def test_the_parts_of_a_flat_list_follow_or_precede_its_links() -> None:
    for name, run in (("headings in a row", "after"), ("definition list", "after"), ("cards", "")):
        best = max(groups_of(parsed(name)), key=lambda group: len(group.links) * group.levels)
        assert best.run == run, name
    before = "".join(f"<p>{n} May 2025</p><h3><a href='/{n}'>A story {n}</a></h3>" for n in range(1, 6))
    group = groups_of(parse_list_page(f"<div>{before}</div>", URL))[0]
    items = items_of(group.links, group.levels, group.run)
    assert group.run == "before" and "3 May 2025" in "".join(str(part.text) for part in items[2].parts)


def test_links_of_one_item_are_one_item_with_the_longest_words() -> None:
    row = "<li><a href='/s{0}'>More</a><a href='/s{0}'>A story of the harbour {0}</a></li>"
    group = groups_of(parse_list_page("<ul>" + "".join(map(row.format, range(4))) + "</ul>", URL))[0]
    items = items_of(group.links, group.levels, group.run)
    assert [item.link.text for item in items] == [f"A story of the harbour {n}" for n in range(4)]
    assert group.levels == 1
