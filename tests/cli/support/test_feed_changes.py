"""Settings of a feed as typed: read, and bound to one origin."""

import pytest

from unabridged.cli.support.feed_changes import settings_to_add, typed_changes
from unabridged.config import FeedSettings
from unabridged.errors import ConfigError
from unabridged.poll.feeds.setting_changes import Changes

HERE = "https://news.example/feed"


def changes(*words: str, before: FeedSettings | None = None, url: str | None = HERE) -> Changes:
    return typed_changes(words, before or FeedSettings(), lambda key: f"asked {key}", url=url)


def test_a_login_is_bound_to_the_origin_of_the_feed() -> None:
    asked = changes("user=ada", "password=-", "header.X-Key= k ").asked
    assert (asked.username, asked.password, asked.headers) == ("ada", "asked password", (("X-Key", "k"),))
    assert asked.origin == "https://news.example"


def test_a_login_for_another_origin_is_dropped_whole_when_a_new_one_is_given() -> None:
    old = FeedSettings(username="ada", password="old").bound_to("https://old.example")
    found = changes("user=bea", before=old)
    assert (found.asked.username, found.asked.password) == ("bea", None)
    assert found.dropped == "https://old.example"
    assert changes("user-agent=Mine/1", before=old).asked.password == "old"
    assert changes("user=bea", "origin=https://old.example", before=old).asked.password == "old"


def test_an_empty_value_takes_a_setting_back() -> None:
    before = FeedSettings(user_agent="Mine/1", proxy="direct", headers=(("X-Key", "k"),))
    found = changes("user-agent=", "proxy=", "header.x-key=", before=before)
    assert (found.asked.user_agent, found.asked.proxy, found.asked.headers) == (None, None, ())
    assert (changes("cookie=").cookie, changes("title=x").cookie) == ("", None)


def test_names_and_addresses_are_no_settings_of_requests() -> None:
    found = changes("title=News = all", "folder=", "cookie=Cookie: id=1")
    assert found.plain == {"title": "News = all", "folder": ""}
    assert found.cookie == "id=1"
    assert "id=1" not in repr(found)


@pytest.mark.parametrize("word", ["user", "colour=red", "origin=", "header.Host=x", "proxy=socks5://a:1"])
def test_a_word_that_cannot_be_is_refused(word: str) -> None:
    with pytest.raises(ConfigError):
        changes(word)


def test_a_new_feed_takes_what_belongs_to_its_requests_alone() -> None:
    assert settings_to_add([]) is None
    assert settings_to_add(["user-agent=Mine/1"]) == FeedSettings(user_agent="Mine/1")
    with pytest.raises(ConfigError, match="can be given only"):
        settings_to_add(["title=x"])
