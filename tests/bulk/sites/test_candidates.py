"""Pages of a file that its sites can be learnt from."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from unabridged.bulk.sites import candidates as module
from unabridged.bulk.sites.candidates import MOST_HELD, Candidates, candidates, spread, worth_learning
from unabridged.warc_reader import PageHead


def head(url: str, position: int = 0) -> PageHead:
    return PageHead(position=position, url=url)


@given(st.integers(0, 300))
def test_a_spread_is_a_permutation(count: int) -> None:
    assert sorted(spread(count)) == list(range(count))


def test_the_first_few_of_a_spread_lie_apart() -> None:
    assert spread(100)[:4] == [0, 64, 32, 96]


@given(st.integers(1, 2000))
def test_places_are_bounded_and_spread_over_the_file(pages: int) -> None:
    held = Candidates()
    for number in range(pages):
        held.add(head(f"https://quay.example/story-{number:06d}", number))
    positions = [place.position for place in held.places]
    assert held.pages == pages
    assert len(positions) <= MOST_HELD
    assert positions == sorted(set(positions))
    gaps = {later - earlier for earlier, later in pairwise(positions)}
    assert len(gaps) <= 1
    assert pages < 2 * MOST_HELD or positions[-1] > pages * 0.9


def test_front_pages_and_repeated_addresses_teach_nothing() -> None:
    held = Candidates()
    for url in ("https://quay.example/", "https://quay.example", "https://quay.example/a-b-c") * 3:
        held.add(head(url))
    assert (held.pages, len(held.places)) == (9, 1)


def test_likely_articles_come_first_where_there_are_enough() -> None:
    held = Candidates()
    for number in range(4):
        held.add(head(f"https://quay.example/section{number}", number))
        held.add(head(f"https://quay.example/ship-number-{number}-sails", 10 + number))
    assert {place.position for place in held.in_order(4)} == {10, 11, 12, 13}
    assert len(held.in_order(5)) == 8


def test_hosts_are_bounded_and_ordered_by_their_pages() -> None:
    heads = [head(f"https://{'abc'[number % 3]}.example/page-{number}-x") for number in range(9)]
    heads += [head("https://a.example/one-more-x"), head("no address"), head("http://[")]
    seen: list[int] = []
    found = candidates(heads, seen.append, lambda site: site != "b.example")
    assert len(seen) == len(heads)
    assert [site for site, _ in worth_learning(found, 3, 10)] == ["a.example", "c.example"]
    assert [site for site, _ in worth_learning(found, 4, 10)] == ["a.example"]
    assert [site for site, _ in worth_learning(found, 1, 1)] == ["a.example"]


def test_hosts_beyond_the_limit_are_not_counted() -> None:
    heads = (head(f"https://h{number}.example/a-b-c") for number in range(module.MOST_HOSTS + 50))
    assert len(candidates(heads, lambda position: None, lambda site: True)) == module.MOST_HOSTS
