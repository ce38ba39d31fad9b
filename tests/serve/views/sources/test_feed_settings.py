"""View of a feed's settings: choices of retention, and request settings without secrets."""

from datetime import UTC, datetime

from unabridged.archive.records.core import Folder, StoredFeed, Subscription
from unabridged.config import FeedSettings
from unabridged.serve.views.lists import Moment
from unabridged.serve.views.sources.feed_settings import feed_settings_view, request_settings_view

MOMENT = Moment(now=datetime(2026, 3, 20, 9, 0, tzinfo=UTC), zone=UTC)


def subscription(title: str, folder: str | None) -> Subscription:
    feed = StoredFeed(
        id=7,
        url="https://news.example/feed",
        title="The News",
        site_url=None,
        description="",
        language=None,
        icon=None,
        status="active",
        bucket=0,
        added=MOMENT.now,
    )
    return Subscription(user=1, feed=feed, title=title, folder=folder, added=MOMENT.now)


def test_an_own_title_is_told_from_the_feeds() -> None:
    folders = (Folder(id=1, name="News", retain=45 * 86_400), Folder(id=2, name="Other"))
    view = feed_settings_view(subscription("Mine", "News"), folders, MOMENT, names=1)
    assert (view.own_title, view.given_title, view.folders) == ("Mine", "The News", ("News",))
    assert [name for _, name, chosen in view.retain if chosen] == ["45 days"]
    assert feed_settings_view(subscription("The News", None), folders, MOMENT, names=9).own_title == ""
    assert feed_settings_view(subscription("The News", None), folders, MOMENT, names=9).retain == ()


def test_secrets_are_named_and_not_shown() -> None:
    own = FeedSettings(
        username="ada", password="s3cret", headers=(("X-Key", "k3y"),), proxy="http://p:pw@proxy.example:1"
    )
    view = request_settings_view("https://a.example/", own, "a.example", {"a.example": "c00kie"})
    assert (view.has_password, view.headers, view.has_cookie) == (True, ("X-Key",), True)
    for secret in ("s3cret", "k3y", "p:pw", "c00kie"):
        assert secret not in repr(view)
