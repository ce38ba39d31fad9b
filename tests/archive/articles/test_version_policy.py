"""What is a new version, what is the same one, what is worse: pure decisions."""

from dataclasses import replace

import pytest

from tests.archive.sample_feeds import LONG, an_article, incomplete
from unabridged.archive.articles.version_policy import classify_change, decide_first_page, stable_text_hash

URL = "https://news.example/1"
FIRST = an_article(URL, text=LONG)


def kind(current_text: str, **more: object) -> str:
    return classify_change(FIRST, an_article(URL, text=current_text, **more)).kind  # type: ignore[arg-type]


def test_without_a_previous_version_it_is_new() -> None:
    assert classify_change(None, FIRST).kind == "new"


def test_the_same_text_is_the_same() -> None:
    assert classify_change(FIRST, FIRST).kind == "same"


@pytest.mark.parametrize(
    "noise",
    [
        LONG.replace(" ", "  ").replace("\n\n", "\n\n\n"),
        LONG + "\n\n3 minutes ago",
        LONG + "\n\n14 分钟前",
        LONG + "\n\nvor 5 Stunden",
        LONG + "\n\nAdvertisement",
        LONG + "\n\nSponsored: buy these shoes, the best of the year",
        "广告\n\n" + LONG,
        LONG.replace("'", "’").replace('"', "“"),
    ],
)
def test_white_space_advertisements_and_relative_times_make_no_version(noise: str) -> None:
    assert kind(noise) == "same"


def test_counters_and_times_that_move_make_no_version() -> None:
    before = an_article(URL, text=f"Updated 3 minutes ago\n\n{LONG}\n\n1,204 shares\n\n17 条评论")
    after = an_article(URL, text=f"Updated 2 hours ago\n\n{LONG}\n\n1.3K shares\n\n240 条评论")
    assert classify_change(before, after).kind == "same"


def test_other_markup_around_the_same_words_makes_no_version() -> None:
    assert (
        classify_change(FIRST, replace(FIRST, html=f"<div><p>{LONG}</p></div>", lead_image="x")).kind
        == "same"
    )


@pytest.mark.parametrize(
    "edit",
    [
        LONG.replace("Paragraph 3", "Section 3"),
        LONG + "\n\nCorrection: the mayor was not there.",
        LONG.replace("why.", "why!", 1),
        LONG.replace("Paragraph 3", "Paragraph 33"),
        "\n\n".join(reversed(LONG.split("\n\n"))),
    ],
)
def test_a_changed_word_makes_a_version(edit: str) -> None:
    assert kind(edit) == "changed"


def test_a_changed_word_in_chinese_makes_a_version() -> None:
    before, after = an_article(URL, text="市长说这是真的。" * 9), an_article(URL, text="市长说这是假的。" * 9)
    assert classify_change(before, after).kind == "changed"


def test_a_changed_headline_or_by_line_makes_a_version() -> None:
    assert classify_change(FIRST, replace(FIRST, title="Another title")).kind == "changed"
    named = replace(FIRST, authors=("Ada",))
    assert classify_change(named, replace(FIRST, authors=("Bob",))).kind == "changed"


def test_a_by_line_that_is_only_missing_makes_no_version() -> None:
    assert classify_change(replace(FIRST, authors=("Ada",)), FIRST).kind == "same"


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("", "full"),
        ("Please enable cookies to continue.", "full"),
        ("Please enable cookies to continue.", "blocked"),
        (LONG, "blocked"),
        ("404. The page you want is not here any more, sorry about that.", "not_an_article"),
        (LONG[: len(LONG) // 3], "full"),
        (LONG[: len(LONG) // 3] + "\n\nSubscribe to read on.", "paywalled"),
        (LONG[: int(len(LONG) * 0.9)], "truncated"),
    ],
)
def test_a_worse_page_never_counts_as_a_version(text: str, state: str) -> None:
    current = an_article(URL, title="Something else", text=text, completeness=incomplete(state, "seen"))
    decision = classify_change(FIRST, current)
    assert decision.kind == "worse"
    assert decision.reason


def test_another_pages_text_is_worse() -> None:
    other = "\n\n".join(
        f"Cookies {n} help us give you advertising that fits; manage consent here." for n in range(9)
    )
    assert kind(other, title="Your privacy") == "worse"


def test_a_long_edit_that_keeps_the_story_is_a_version() -> None:
    assert kind(LONG + "\n\n" + LONG.replace("Paragraph", "Addition")) == "changed"


def test_a_whole_text_follows_a_paywalled_one() -> None:
    teaser = an_article(URL, text=LONG[:200], completeness=incomplete("paywalled"))
    assert classify_change(teaser, FIRST).kind == "changed"


def test_the_first_page_makes_a_version_even_with_the_feeds_words() -> None:
    assert decide_first_page(FIRST, FIRST).kind == "new"


@pytest.mark.parametrize(
    ("text", "state"), [("", "full"), (LONG, "blocked"), (LONG[:100], "full"), (LONG[:900], "paywalled")]
)
def test_a_first_page_that_gives_less_than_the_feed_is_worse(text: str, state: str) -> None:
    page = an_article(URL, text=text, completeness=incomplete(state))
    assert decide_first_page(FIRST, page).kind == "worse"


CONSENT = an_article(
    URL,
    title="Before you continue",
    text="\n\n".join(
        f"We and our {n} partners store cookies to measure advertising. Accept all or manage options."
        for n in range(9)
    ),
)


def test_a_consent_page_never_stands_in_for_the_feeds_text() -> None:
    teaser = an_article(
        URL,
        title="Ferry returns to the northern islands",
        text="After seven winters without a crossing, islanders welcomed the restored steamer on Monday.",
    )
    assert decide_first_page(teaser, CONSENT).kind == "worse"
    chinese = an_article(
        URL, title="渡轮重返北部群岛", text="时隔七个冬天，岛民们周一早晨迎来了修复一新的汽船。"
    )
    assert decide_first_page(chinese, CONSENT).kind == "worse"


def test_a_page_is_not_refused_for_a_feed_that_says_nothing() -> None:
    assert decide_first_page(an_article(URL, title="Links for Monday", text=""), FIRST).kind == "new"
    assert decide_first_page(an_article(URL, title="Links for Monday", text="Read more"), FIRST).kind == "new"


def test_a_page_with_another_headline_but_the_teasers_words_is_read() -> None:
    teaser = an_article(URL, title="Morning briefing", text=LONG[:300])
    assert decide_first_page(teaser, FIRST).kind == "new"


def test_a_paywalled_first_page_that_gives_more_than_the_feed_counts() -> None:
    teaser = an_article(URL, text="Three lines of the story.")
    page = an_article(URL, text=LONG[:400], completeness=incomplete("paywalled"))
    assert decide_first_page(teaser, page).kind == "new"


def test_equal_words_have_one_fingerprint() -> None:
    assert stable_text_hash(FIRST) == stable_text_hash(replace(FIRST, text=LONG.replace(" ", "\u00a0")))
    assert stable_text_hash(FIRST) != stable_text_hash(replace(FIRST, text=LONG + " no"))
