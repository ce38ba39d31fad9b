"""Clusters: what belongs together, and what does not."""

import pytest

from unabridged.stories.clusters import (
    COPY,
    JOIN,
    WINDOW_HOURS,
    Neighbour,
    Placement,
    average,
    likeness,
    parts,
    place,
)
from unabridged.stories.profiles import Profile


def about(*terms: int, hour: float = 0.0, names: tuple[int, ...] = (), language: str = "en") -> Profile:
    weight = len(terms) ** -0.5
    return Profile(language=language, hour=hour, weights=dict.fromkeys(terms, weight), names=frozenset(names))


def near(article: int, likeness: float, story: int | None = None) -> Neighbour:
    return Neighbour(article=article, story=story, likeness=likeness)


def test_likeness_is_that_of_terms_and_fades_with_time() -> None:
    one = about(1, 2, 3, 4)
    assert likeness(one, one) == pytest.approx(1)
    assert likeness(one, about(1, 2, 8, 9)) == pytest.approx(0.5)
    assert 0.5 < likeness(one, about(1, 2, 3, 4, hour=48)) < 1
    assert likeness(one, about(1, 2, 3, 4, hour=WINDOW_HOURS + 1)) == 0


def test_names_count_by_themselves() -> None:
    one = about(1, 2, 3, 4, 5, 6, names=(1, 2, 3))
    same_names = about(1, 2, 3, 7, 8, 9, names=(1, 2, 3))
    other_names = about(4, 5, 6, 7, 8, 9, names=(7, 8, 9))
    assert likeness(one, same_names) > likeness(one, other_names)


def test_in_two_languages_only_names_are_compared() -> None:
    one = about(1, 2, 3, 4, names=(1, 2))
    assert likeness(one, about(1, 2, 8, 9, names=(1, 2), language="de")) == pytest.approx(1)
    assert likeness(one, about(8, 9, 3, 4, names=(8, 9), language="de")) == 0
    assert likeness(one, about(3, 4, language="de")) == 0


def test_an_article_joins_the_story_that_it_is_most_alike() -> None:
    found = place([near(1, 0.5, 1), near(2, 0.6, 1), near(3, 0.9, 3), near(4, 0.8, 3)])
    assert found == Placement(story=3, others=(1,))


def test_one_chance_likeness_is_not_enough_for_a_story() -> None:
    assert place([near(1, JOIN + 0.05, 1), near(2, 0.0, 1), near(3, 0.0, 1)]) == Placement()


def test_articles_in_no_story_that_are_alike_are_joined() -> None:
    assert place([near(5, JOIN), near(4, 0.9), near(3, JOIN - 0.01)]) == Placement(articles=(4, 5))


def test_a_copy_always_joins() -> None:
    assert place([near(1, COPY, 1), near(2, 0.0, 1), near(3, 0.0, 1)]).story == 1


def test_parts_of_a_story_are_those_that_are_alike() -> None:
    profiles = {1: about(1, 2), 2: about(8, 9), 3: about(1, 2), 5: about(8, 9), 7: about(4)}
    assert parts(profiles, {}) == [[1, 3], [2, 5], [7]]
    assert parts(profiles, {1: 1, 2: 1}) == [[1, 2, 3, 5], [7]]
    assert parts({}, {}) == []


def test_average_of_no_pairs_is_nothing() -> None:
    assert average([], [about(1)]) == 0
    assert average([about(1), about(2)], [about(1)]) == pytest.approx(0.5)
