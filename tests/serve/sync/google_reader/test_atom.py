"""Atom documents of streams, as the first apps of Google Reader read them."""

import feedparser
from lxml import etree

from tests.serve.sync.conftest import STATE, App
from unabridged.serve.sync.google_reader.ids import long_id

SPACES = {"a": "http://www.w3.org/2005/Atom", "gr": "http://www.google.com/schemas/reader/atom/"}


def test_a_stream_is_atom_with_ids_states_and_a_continuation(app: App) -> None:
    app.post("edit-tag", i="3", a=[f"{STATE}/read", f"{STATE}/starred"])
    answer = app.client.get("/reader/atom/feed%2F1?n=2", headers=app.headers)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    root = etree.fromstring(answer.content)
    assert root.findtext("a:title", namespaces=SPACES) == "The News"
    assert root.findtext("gr:continuation", namespaces=SPACES) == "2"
    entry = root.find("a:entry", namespaces=SPACES)
    assert entry is not None
    number = entry.find("a:id", namespaces=SPACES)
    assert number is not None and number.text == long_id(3)
    assert number.get(f"{{{SPACES['gr']}}}original-id") == "https://news.example/story-0"
    labels = {
        one.get("label")
        for one in entry.findall("a:category", namespaces=SPACES)
        if one.get("scheme") == "http://www.google.com/reader/"
    }
    assert labels == {"reading-list", "read", "starred", "Reading"}


def test_feedparser_reads_the_whole_articles(app: App) -> None:
    found = feedparser.parse(app.client.get("/reader/atom/feed/2", headers=app.headers).content)
    assert not found.bozo
    stored = app.desk.archive.library().items.articles([5, 4])
    assert [one.content[0].value for one in found.entries] == [one.article.html for one in stored]
    assert [one.link for one in found.entries] == [one.article.url for one in stored]


def test_an_unknown_stream_is_an_empty_document(app: App) -> None:
    for stream in ("feed/99", "user/-/label/none", "junk"):
        answer = app.client.get(f"/reader/atom/{stream}", headers=app.headers)
        assert answer.status_code == 200
        assert etree.fromstring(answer.content).findall("a:entry", namespaces=SPACES) == []
    assert app.client.get("/reader/atom/feed/1").status_code == 401
