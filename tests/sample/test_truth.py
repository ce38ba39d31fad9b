"""A truth holds when everything that it says is so, and only then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from unabridged.errors import ConfigError
from unabridged.model import Article, Completeness
from unabridged.sample.truth import Truth, compare, same_moment, tokens, truth_from_json

TEXT = "\n\n".join(
    (
        "The harbour froze on Monday for the first time since 1963, and by noon there were people on it.",
        "Somebody brought a kettle, somebody a fiddle, and a dog that was nobody's crossed it eleven times.",
        "On Wednesday it thawed. The two quays, which had begun to talk, have gone on talking ever since.",
    )
)
TRUTH = Truth(
    url="http://127.0.0.2/a",
    text=TEXT,
    title="The harbour “froze”",
    authors=("Ada Thorne",),
    published="2025-02-03T07:30:00+00:00",
    lead_image=("/static/ice.png",),
    without=("Most read", "Sign up"),
)
ARTICLE = Article(
    url="http://127.0.0.2/a",
    text=TEXT,
    title='The harbour "froze"',
    authors=("Ada Thorne",),
    published=datetime(2025, 2, 3, 8, 30, tzinfo=timezone(timedelta(hours=1))),
    lead_image="http://127.0.0.2/static/ice.png",
)


def test_an_article_that_agrees_holds() -> None:
    verdict = compare(TRUTH, ARTICLE)
    assert verdict.holds and None not in (verdict.text, verdict.title, verdict.lead_image)


@pytest.mark.parametrize(
    ("field", "article"),
    [
        ("text", replace(ARTICLE, text=TEXT.replace("somebody a fiddle, and a dog", "and a dog"))),
        ("text", replace(ARTICLE, text="")),
        ("text", replace(ARTICLE, text="\n\n".join(reversed(TEXT.split("\n\n"))))),
        ("clean", replace(ARTICLE, text=TEXT + "\n\nSeven words that nobody asked to see")),
        ("clean", replace(ARTICLE, text="MOST  READ\n\n" + TEXT)),
        ("title", replace(ARTICLE, title="The harbour froze | The Quay")),
        ("authors", replace(ARTICLE, authors=())),
        ("authors", replace(ARTICLE, authors=("Ada Thorne", "Photo Desk"))),
        ("published", replace(ARTICLE, published=None)),
        ("published", replace(ARTICLE, published=datetime(2025, 2, 3, 8, 30, tzinfo=UTC))),
        ("lead_image", replace(ARTICLE, lead_image=None)),
        ("lead_image", replace(ARTICLE, lead_image="http://127.0.0.2/static/fire.png")),
    ],
)
def test_a_difference_is_found_where_it_is(field: str, article: Article) -> None:
    verdict = compare(TRUTH, article)
    assert getattr(verdict, field) is False and not verdict.holds


def test_what_the_truth_does_not_say_is_not_examined() -> None:
    verdict = compare(Truth(url="http://127.0.0.2/a"), Article(url="http://127.0.0.2/a"))
    assert verdict.holds and (verdict.text, verdict.title, verdict.published) == (None, None, None)


def test_a_truth_of_no_authors_and_no_picture_is_one() -> None:
    truth = truth_from_json({"url": "/a", "authors": [], "lead_image": []}, "here")
    assert compare(truth, Article(url="/a")).holds
    assert not compare(truth, replace(ARTICLE)).holds


def test_optional_parts_may_be_there_or_not() -> None:
    truth = replace(TRUTH, optional=("Ice in the harbour, seen from the customs house on Monday",))
    caption = "\n\nIce in the harbour, seen from the customs house on Monday"
    assert compare(truth, ARTICLE).holds and compare(truth, replace(ARTICLE, text=TEXT + caption)).holds


def test_another_word_for_its_completeness_is_remarked() -> None:
    truth = replace(TRUTH, completeness="paywalled")
    assert not compare(truth, ARTICLE).holds
    assert compare(truth, replace(ARTICLE, completeness=Completeness(kind="paywalled"))).holds


def test_every_ideograph_is_a_word_and_punctuation_is_none() -> None:
    assert tokens("修伞人：2008年，OK") == ["修", "伞", "人", "2008", "年", "ok"]


def test_a_day_is_compared_as_a_day_in_the_publishers_own_zone() -> None:
    found = datetime(2025, 2, 3, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    assert same_moment("2025-02-03", found) and not same_moment("2025-02-02", found)
    assert same_moment("2025-02-03T00:30:00", found) and not same_moment("2025-02-03T00:30:00", None)


@pytest.mark.parametrize("said", [{"authors": 7}, {"published": "last week"}, {"without": [1]}])
def test_a_truth_that_cannot_be_read_is_named(said: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"truth/a\.json"):
        truth_from_json({"url": "/a", **said}, "truth/a.json")
