"""The health page of a real archive: what is wrong, what to do, and buttons that do it."""

from datetime import timedelta

import httpx
import pytest

from tests.serve.conftest import Visit
from tests.serve.running_app import NOW, Desk, make_article, token_of
from unabridged.archive.records.core import Failure
from unabridged.archive.records.polling import PollOutcome


@pytest.fixture
def client(full: Desk, visit: Visit) -> httpx.Client:
    return visit(full)


def main(client: httpx.Client) -> str:
    return client.get("/health").text.split("<main")[1].split("</main")[0]


def test_a_healthy_archive_says_so(client: httpx.Client) -> None:
    shown = main(client)
    assert "1 feed, all well." in shown
    assert shown.count("<svg viewBox") == 2 and "<rect" in shown
    assert "style=" not in shown


def test_failing_paused_and_unread_pages_are_shown_with_what_to_do(full: Desk, client: httpx.Client) -> None:
    library = full.archive.library().subscriptions
    failure = Failure(kind="host-not-found", message="No host; try `unabridged find`.", advice="`x`")
    full.archive.schedule.record_poll(
        1, PollOutcome(polled=NOW, next_poll_at=NOW + timedelta(hours=1), failure=failure)
    )
    full.subscribe([make_article(7)], title="Second")
    library.set_statuses([full.feed], "paused", now=NOW)
    full.fail(full.articles[0], "It answered 500.", None)
    shown = main(client)
    for part in (
        "Failing",
        "The site may have moved.",
        "Paused",
        "Resume it",
        "It answered 500.",
        "Try again",
    ):
        assert part in shown, part
    assert "`" not in shown
    csrf = {"csrf": token_of(client)}
    assert client.post("/health/retry", data=csrf | {"host": "news.example"}).status_code == 303
    [page] = full.archive.schedule.failing_pages()
    assert page.next_try_at == NOW


def test_two_feeds_that_are_one_are_merged_and_the_old_addresses_lead_on(desk: Desk, visit: Visit) -> None:
    articles = [make_article(number) for number in range(6)]
    old = desk.subscribe(articles, title="Old News", folder="Old")
    new = desk.subscribe(articles, title="The News", folder=None, whole=False)
    other = desk.subscribe([make_article(number) for number in range(10, 16)], title="Other")
    library = desk.archive.library()
    client = visit(desk)
    shown = main(client)
    assert "Subscribed twice" in shown and "Nearly all of its newest articles are in “Old News”" in shown
    assert f'action="/feeds/{new}/merge"' in shown and f'name="into" value="{old}"' in shown
    assert "`" not in shown

    csrf = {"csrf": token_of(client)}
    for wrong in (str(other), "", "999", str(new)):
        assert client.post(f"/feeds/{new}/merge", data=csrf | {"into": wrong}).status_code == 422
    for _ in range(2):  # sent twice
        answer = client.post(f"/feeds/{new}/merge", data=csrf | {"into": str(old)}, follow_redirects=True)
        assert "The two feeds are one now." in answer.text
    assert [one.feed.id for one in library.subscriptions.all()] == [old, other]
    assert "Subscribed twice" not in main(client)
    assert client.get(f"/feeds/{new}", follow_redirects=True).url.path == f"/feeds/{old}"
    moved = client.get(f"/feeds/{new}.rss?raw")
    assert (moved.status_code, moved.headers["location"]) == (301, f"/feeds/{old}.rss?raw")
    assert client.get("/feeds/999.rss?raw").status_code == 404
