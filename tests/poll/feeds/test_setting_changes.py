"""Changes of a feed's settings: applied to an archive, and shown without secrets."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from unabridged.archive.facade.archive import Archive
from unabridged.config import FeedSettings
from unabridged.errors import ConfigError, FetchRefused
from unabridged.poll.feeds.setting_changes import HIDDEN, apply_changes, masked, read_changes

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
HERE = "https://news.example/feed"


def test_secrets_are_dots_and_only_what_is_set_is_shown() -> None:
    own = FeedSettings(
        username="ada",
        password="hunter2",
        headers=(("X-Key", "k"),),
        proxy="http://ada:hunter2@proxy.example:1",
    )
    shown = masked(own.bound_to("https://news.example"))
    assert shown == {
        "header.X-Key": HIDDEN,
        "user": "ada",
        "password": HIDDEN,
        "origin": "https://news.example",
        "proxy": f"http://{HIDDEN}@proxy.example:1",
    }
    assert masked(FeedSettings()) == {}


def test_changes_are_saved_and_an_address_that_may_not_be_asked_is_refused(tmp_path: Path) -> None:
    with Archive(f"sqlite:///{tmp_path / 'a.sqlite'}") as archive:
        library = archive.library()
        feed = library.subscriptions.add(HERE, now=NOW).feed

        def change(*pairs: tuple[str, str], cookie_host: str | None = None) -> None:
            wanted = read_changes(pairs, archive.feeds.settings(feed.id), url=feed.url)
            apply_changes(archive, library, feed, wanted, now=NOW, allow_private=(), cookie_host=cookie_host)

        change(("title", "Mine"), ("folder", "News"), ("user", "ada"), ("password", "pw"), ("cookie", "a=1"))
        found = library.subscriptions.get(feed.id)
        assert (found.title, found.folder) == ("Mine", "News")
        assert archive.feeds.settings(feed.id).origin == "https://news.example"
        assert archive.feeds.site_cookies() == {"news.example": "a=1"}
        change(("cookie", "b=2"), cookie_host="other.example")
        assert archive.feeds.site_cookies()["other.example"] == "b=2"
        with pytest.raises(FetchRefused):
            change(("url", "http://169.254.169.254/feed"), ("title", "Not this"))
        with pytest.raises(ConfigError):
            change(("header.Host", "x"))
        assert library.subscriptions.get(feed.id).title == "Mine"
        assert library.subscriptions.get(feed.id).feed.url == HERE
