"""Names of elements, however a feed spells their namespaces."""

import pytest

from unabridged.feeds.parsing.namespaces import Names, local_name


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("pubDate", "pubdate"),
        ("{http://www.w3.org/2005/Atom}Entry", "entry"),
        ("{HTTP://PURL.ORG/dc/elements/1.1/}Creator", "dc:creator"),
        ("{http://purl.org/rss/1.0/modules/content/}encoded", "content:encoded"),
        ("{http://backend.userland.com/rss2.1}item", "item"),
        ("{https://own.example/ns}Thing", "https://own.example/ns:thing"),
        ("media:Thumbnail", "media:thumbnail"),
        ("atom:link", "link"),
        ("own:thing", "own:thing"),
        ("A" * 200, "a" * 200),
        (len, ""),
    ],
)
def test_a_name_is_the_same_however_it_is_spelt(tag: object, name: str) -> None:
    names = Names()
    assert names[tag] == name
    assert tag in names


@pytest.mark.parametrize("tag", ["{http://www.w3.org/2005/Atom}Link", "atom:LINK", "link"])
def test_a_local_name_has_no_namespace(tag: str) -> None:
    assert local_name(tag) == "link"
