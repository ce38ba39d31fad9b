"""Articles as resources."""

from dataclasses import replace

import pytest

from tests.mcp_server.conftest import whole
from tests.serve.running_app import NOW, Desk, page_of
from unabridged.errors import InvalidValue, NotFound
from unabridged.mcp_server import resources
from unabridged.mcp_server.caller import Caller


def test_an_article_and_its_versions_have_addresses(caller: Caller, desk: Desk) -> None:
    number = desk.articles[0]
    assert "two ferries" in resources.read_resource(caller, f"unabridged://article/{number}")
    older = resources.read_resource(caller, f"unabridged://article/{number}/version/1")
    assert "ten ferries" in older
    assert older.startswith("Titles, names") and "<untrusted-" in older


@pytest.mark.parametrize(
    "uri",
    [
        "unabridged://article/999",
        "unabridged://article/1/version/99",
        "unabridged://article/99999999999999999999",
        "unabridged://article/9999999999",
        "unabridged://article/x",
        "unabridged://article/1/../2",
        "unabridged://article/１",
        "file:///etc/passwd",
        "",
    ],
)
def test_other_addresses_are_refused(caller: Caller, uri: str) -> None:
    with pytest.raises(NotFound):
        resources.read_resource(caller, uri)


def test_resources_are_listed_in_parts(caller: Caller, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "LISTED", 2)
    first, cursor = resources.list_articles(caller, None)
    rest, last = resources.list_articles(caller, cursor)
    assert [line.id for line in (*first, *rest)] == desk.articles
    assert last is None
    with pytest.raises(InvalidValue):
        resources.list_articles(caller, "nonsense")


def test_an_enormous_article_is_cut(caller: Caller, desk: Desk) -> None:
    enormous = whole(1, "\n\n".join("A paragraph without an end." for _ in range(20_000)))
    desk.archive.ingest.save_page(desk.articles[1], enormous, page_of(enormous), now=NOW)
    text = resources.read_resource(caller, resources.article_uri(desk.articles[1]))
    assert len(text) < resources.MOST_CHARACTERS + 500
    assert text.endswith("read_article reads it in parts.")


def test_nobody_reads_what_is_anothers(caller: Caller, desk: Desk) -> None:
    bo = replace(caller, user=desk.archive.accounts.add("Bo", now=NOW).id)
    assert resources.list_articles(bo, None) == ((), None)
    for uri in (
        f"unabridged://article/{desk.articles[0]}",
        f"unabridged://article/{desk.articles[0]}/version/1",
    ):
        with pytest.raises(NotFound):
            resources.read_resource(bo, uri)
