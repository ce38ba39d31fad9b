"""Links between mementos: their relations, and their cost for a page of many versions."""

import time
from datetime import UTC, datetime, timedelta

from unabridged.serve.memento.links import Addresses, memento_links, timemap_links
from unabridged.serve.memento.mementos import Memento

DAY = datetime(2026, 3, 20, tzinfo=UTC)
ADDRESSES = Addresses(original="https://news.example/1", address=lambda path: f"https://ours.example{path}")


def mementos(count: int) -> tuple[Memento, ...]:
    return tuple(Memento(number=n, at=DAY + timedelta(minutes=n), has_page=True) for n in range(count))


def test_a_memento_names_the_ends_and_its_neighbours_once() -> None:
    three = mementos(3)
    links = memento_links(ADDRESSES, three, three[1])
    for relation in ('"first prev memento"', '"memento"', '"last next memento"'):
        assert links.count(f"rel={relation}") == 1
    [alone] = mementos(1)
    assert memento_links(ADDRESSES, [alone], alone).count('rel="first last memento"') == 1


def test_a_timemap_of_many_versions_is_written_in_one_pass() -> None:
    many = mementos(10_000)
    begun = time.process_time()
    assert timemap_links(ADDRESSES, many).count('rel="memento"') == 9_998
    assert time.process_time() - begun < 2
