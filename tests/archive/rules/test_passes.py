"""Rules applied to what is there: at once, in steps, and taken back."""

from datetime import timedelta

import pytest

from tests.archive.sample_feeds import NOW, URL, an_entry, filled, save
from unabridged.archive import Archive
from unabridged.archive.records.rules import RuleDraft
from unabridged.archive.rules.passes import STEP


def reasons(archive: Archive, numbers: list[int]) -> list[str | None]:
    return [archive.library().articles.get(number).muted for number in numbers]


def test_a_new_rule_holds_for_what_is_unread_and_leaves_what_is_read_starred_or_tagged(
    archive: Archive,
) -> None:
    mine = archive.library()
    numbers = filled(archive, 1, 2, 3, 4)
    mine.marks.set_read(numbers[:1], True, now=NOW)
    mine.marks.set_starred(numbers[1:2], True, now=NOW)
    mine.tags.add(numbers[2:3], ["mine"], now=NOW)
    draft = RuleDraft(action="mute", query="title:story")
    made = mine.rules.add(draft, now=NOW)
    assert mine.rules.add(draft, now=NOW) == made
    assert reasons(archive, numbers) == [None, None, None, "mute: title:story"]
    assert mine.rules.progress() is None


def test_a_removed_rule_gives_back_what_no_other_rule_sets_aside(archive: Archive) -> None:
    mine = archive.library()
    numbers = filled(archive, 1, 2)
    first = mine.rules.add(RuleDraft(action="mute", query="story"), now=NOW)
    mine.rules.add(RuleDraft(action="mute", query="title:2"), now=NOW)
    mine.rules.remove(first.id, now=NOW)
    assert reasons(archive, numbers) == [None, "mute: title:2"]
    assert [mine.articles.get(number).read for number in numbers] == [False, True]


def test_what_comes_back_after_a_month_stays_read(archive: Archive) -> None:
    mine = archive.library()
    [number] = filled(archive, 1)
    rule = mine.rules.add(RuleDraft(action="mute", query="story"), now=NOW)
    mine.rules.remove(rule.id, now=NOW + timedelta(days=31))
    stored = mine.articles.get(number)
    assert (stored.muted, stored.read) == (None, True)


def test_an_article_that_was_marked_unread_stays_so_when_another_rule_sets_it_aside(archive: Archive) -> None:
    mine = archive.library()
    [number] = filled(archive, 1)
    rule = mine.rules.add(RuleDraft(action="mute", query="story"), now=NOW)
    mine.marks.set_read([number], False, now=NOW)
    mine.rules.change(rule.id, RuleDraft(action="mute", query="title:1"), now=NOW)
    stored = mine.articles.get(number)
    assert (stored.muted, stored.read) == ("mute: title:1", False)


def test_a_changed_rule_is_applied_again(archive: Archive) -> None:
    mine = archive.library()
    numbers = filled(archive, 1, 2)
    rule = mine.rules.add(RuleDraft(action="mute", query="title:1"), now=NOW)
    mine.rules.change(rule.id, RuleDraft(action="keep", query="title:1"), now=NOW)
    assert reasons(archive, numbers) == [None, "keep: title:1"]
    assert mine.rules.get(rule.id).action == "keep"


@pytest.mark.parametrize("count", [STEP - 1, STEP, 2 * STEP + 3])
def test_a_pass_goes_on_in_steps_until_everything_is_done(archive: Archive, count: int) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, *(an_entry(number) for number in range(count)))
    archive.library().rules.add(RuleDraft(action="mute", query="story"), now=NOW)
    progress = archive.library().rules.progress()
    if count < STEP:
        assert progress is None
    else:
        assert progress is not None and (progress.checked, progress.of) == (STEP, count)
        assert archive.library().mark_counts().unread == count - STEP
        archive.filing.all(now=NOW)
    assert archive.library().mark_counts().unread == 0
    assert archive.library().rules.progress() is None
    assert archive.filing.some(now=NOW) is False
