"""Reading on in the list from which an article was opened, and the way back to it."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from tests.serve.running_app import NOW, Desk, make_article
from unabridged.archive.records.core import Query

Visit = Callable[..., httpx.Client]


@pytest.fixture
def two_feeds(desk: Desk) -> Desk:
    """Two feeds whose articles alternate by time: A0, B0, A1, B1, A2, B2, A3, B3."""
    for name, minutes in (("A", 0), ("B", 30)):
        articles = [
            make_article(
                number * 100 + minutes,
                title=f"{name}{number}",
                published=NOW - timedelta(hours=number + 1, minutes=minutes),
            )
            for number in range(4)
        ]
        desk.subscribe(articles, title=f"Feed {name}", folder=f"Folder {name}")
    return desk


def links(page: str) -> dict[str, str]:
    """The links from a list to its articles, by title."""
    return {
        title: html.unescape(href)
        for href, title in re.findall(r'<h3[^>]*><a href="([^"]+)">(?:<mark>)?(\w+)', page)
    }


def link(page: str, name: str) -> str | None:
    found = re.search(rf'href="([^"]+)"[^>]*{name}', page)
    return html.unescape(found[1]) if found else None


def title(page: str) -> str:
    found = re.search(r"<title>(\w+) ·", page)
    return found[1] if found else ""


def read_on(client: httpx.Client, path: str, start: str, name: str = "data-older") -> list[str]:
    """Open an article of a list and follow its links to the end."""
    href: str | None = links(client.get(path).text)[start]
    seen = []
    while href:
        page = client.get(href).text
        seen.append(title(page))
        href = link(page, name)
    return seen


ALL = ["A0", "B0", "A1", "B1", "A2", "B2", "A3", "B3"]


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("/", ALL),
        ("/?show=unread", ALL),
        ("/feeds/1", ["A0", "A1", "A2", "A3"]),
        ("/feeds/2?show=unread", ["B0", "B1", "B2", "B3"]),
        ("/folders/Folder%20A", ["A0", "A1", "A2", "A3"]),
        ("/search?q=paragraph", ALL),
        ("/search?q=paragraph&sort=best", None),
        ("/search?q=title:B*+OR+title:A2", ["B0", "B1", "A2", "B2", "B3"]),
    ],
)
def test_older_and_newer_stay_in_the_list(
    two_feeds: Desk, visit: Visit, path: str, order: list[str] | None
) -> None:
    client = visit(two_feeds)
    order = order or list(links(client.get(path).text))
    assert read_on(client, path, order[0]) == order
    assert read_on(client, path, order[-1], "data-newer") == order[::-1]


def test_starred_tagged_and_source_lists_are_lists_too(two_feeds: Desk, visit: Visit) -> None:
    numbers = {
        line.title: line.id for line in two_feeds.archive.library().articles.headlines(Query()).headlines
    }
    chosen = [numbers[name] for name in ("B0", "A1", "B2")]
    two_feeds.archive.library().marks.set_starred(chosen, True, now=NOW)
    two_feeds.archive.library().tags.add(chosen, ["sea"], now=NOW)
    client = visit(two_feeds)
    tag = two_feeds.archive.library().tags.all()[0].id
    for path in ("/?show=starred", f"/tags/{tag}"):
        assert read_on(client, path, "B0") == ["B0", "A1", "B2"]


def test_what_was_just_read_stays_a_neighbour_in_the_unread_list(two_feeds: Desk, visit: Visit) -> None:
    client = visit(two_feeds)
    first = client.get(links(client.get("/?show=unread").text)["A0"]).text
    number = int(re.search(r'data-id="(\d+)"', first)[1])  # type: ignore[index]
    two_feeds.archive.library().marks.set_read([number], True, now=NOW + timedelta(seconds=1))
    second = client.get(link(first, "data-older") or "").text
    assert title(second) == "B0"
    assert title(client.get(link(second, "data-newer") or "").text) == "A0"


def test_back_leads_to_the_place_in_the_list_and_its_page(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(number, title=f"N{number}") for number in range(90)])
    client = visit(desk)
    second = html.unescape(re.search(r'rel="next" href="([^"]+)"', client.get("/").text)[1])  # type: ignore[index]
    page = client.get(links(client.get(second).text)["N40"]).text
    assert link(page, "data-back") == f"{second}#a{desk.articles[40]}"
    crossed = client.get(link(page, "data-newer") or "").text
    assert title(crossed) == "N39"
    back, _, place = (link(crossed, "data-back") or "").partition("#")
    assert place == f"a{desk.articles[39]}"
    assert f'id="{place}"' in client.get(back).text, "the article is on the page that one comes back to"


def test_a_search_goes_on_over_its_pages(desk: Desk, visit: Visit) -> None:
    desk.subscribe([make_article(number, title=f"N{number}") for number in range(35)])
    client = visit(desk)
    assert read_on(client, "/search?q=paragraph", "N28") == [f"N{number}" for number in range(28, 35)]
    page = client.get(links(client.get("/search?q=paragraph").text)["N29"]).text
    crossed = client.get(link(page, "data-older") or "").text
    back, _, place = (link(crossed, "data-back") or "").partition("#")
    assert f'id="{place}"' in client.get(back).text


OTHER_ORIGINS = (
    "",
    "https://evil.example/",
    "//evil.example",
    "/\\evil",
    "/feeds/999",
    "/folders/none",
    "/tags/0",
    "/search?q=",
    "/search?q=(",
    "/nothing",
    "/?before=x&show=odd",
    "/?" + "&".join("a=b" for _ in range(100)),
    "/" + "x" * 9000,
)


@pytest.mark.parametrize("given", OTHER_ORIGINS, ids=range(len(OTHER_ORIGINS)))
def test_any_other_origin_leaves_the_article_readable(two_feeds: Desk, visit: Visit, given: str) -> None:
    client = visit(two_feeds)
    answer = client.get("/a/1", params={"list": given, "seen": "yesterday"})
    assert answer.status_code == 200
    assert "evil.example" not in (link(answer.text, "data-back") or "")


def test_without_a_list_an_article_is_read_among_those_of_its_feed(two_feeds: Desk, visit: Visit) -> None:
    client, seen = visit(two_feeds), []
    href = links(client.get("/").text)["A0"].partition("?")[0]
    while href:
        page = client.get(href).text
        seen.append(title(page))
        href = link(page, "data-older") or ""
    assert seen == ["A0", "A1", "A2", "A3"]
    assert link(page, "data-back") == "/feeds/1"
