"""What identifies an entry: its guid, else its link, else its words, unless several share it."""

import pytest

from unabridged.archive.storage.identity import (
    BUCKETS,
    EntryKeys,
    address_key,
    address_of,
    bucket_of,
    digest,
    entry_keys,
)
from unabridged.model import Article, Entry


def keys(*entries: Entry) -> tuple[EntryKeys, ...]:
    return entry_keys([(one, Article(url=one.url or "", title=one.title, text=one.title)) for one in entries])


def entry(title: str, guid: str | None = None, url: str | None = None) -> Entry:
    return Entry(guid=guid, url=url, title=title)


def test_an_entry_has_the_same_keys_every_time() -> None:
    one = entry("Flood", "id-1", "https://news.example/1")
    assert keys(one) == keys(one)
    assert keys(one)[0].guid == digest("guid", "id-1")
    assert keys(one)[0].address == address_key("https://news.example/1")


def test_a_guid_that_several_entries_share_identifies_none_of_them() -> None:
    first, second = keys(
        entry("Flood", "same", "https://news.example/1"), entry("Fire", "same", "https://news.example/2")
    )
    assert first.guid is None and second.guid is None
    assert first.own != second.own
    assert first.repeated == second.repeated == digest("repeated", "same")


def test_a_link_that_several_titles_share_identifies_none_of_them() -> None:
    first, second = keys(
        entry("Flood", url="https://news.example/1"), entry("Fire", url="https://news.example/1")
    )
    assert (first.address, second.address) == (None, None)
    assert first.own != second.own


def test_without_guid_and_link_the_words_identify_an_entry_whatever_its_case_and_space() -> None:
    assert keys(entry("The  Flood"))[0].own == keys(entry("the flood"))[0].own
    assert keys(entry("The flood"))[0].own != keys(entry("The fire"))[0].own
    assert keys(entry("The flood"))[0].all() == (keys(entry("The flood"))[0].own,)


@pytest.mark.parametrize("url", [None, "", "https://news.example", "https://news.example/", "no address"])
def test_a_front_page_and_what_is_no_address_identify_nothing(url: str | None) -> None:
    assert address_of(url) is None
    assert address_key(url) is None


def test_feeds_and_pages_of_one_domain_share_a_bucket() -> None:
    assert bucket_of("https://www.example.org/feed") == bucket_of("http://blog.example.org/1")
    assert len({bucket_of(f"https://site{number}.example/") for number in range(400)}) > BUCKETS // 2
