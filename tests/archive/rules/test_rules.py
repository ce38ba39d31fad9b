"""Rules in the database: scopes that are the user's own, limits, previews."""

import pytest

from tests.archive.sample_feeds import NOW, filled
from unabridged.archive import Archive
from unabridged.archive.records.rules import RuleDraft
from unabridged.archive.rules import rules
from unabridged.errors import BadQuery, InvalidValue, NotFound


def test_a_preview_shows_what_a_rule_would_set_aside_and_changes_nothing(archive: Archive) -> None:
    mine = archive.library()
    one, two, three = filled(archive, 1, 2, 3)
    mine.marks.set_starred([two], True, now=NOW)
    shown = mine.rules.preview(RuleDraft(action="keep", query="title:3"), now=NOW)
    assert [(line.headline.id, line.aside, line.protected) for line in shown.lines] == [
        (three, False, False),
        (two, False, True),
        (one, True, False),
    ]
    assert [line.headline.id for line in shown.aside] == [one]
    assert mine.rules.all() == () and not mine.rules.has_any()
    assert mine.mark_counts().unread == 3
    narrow = mine.rules.preview(RuleDraft(action="mute", query="story"), now=NOW, limit=2)
    assert [line.headline.id for line in narrow.lines] == [three, two]


def test_a_preview_is_of_the_articles_of_the_scope(archive: Archive) -> None:
    mine = archive.library()
    filled(archive, 1)
    other = mine.subscriptions.add("https://other.example/feed", folder="Empty", now=NOW).feed
    folder = mine.subscriptions.folders()[0].id
    for draft in (
        RuleDraft(action="mute", query="story", feed_id=other.id),
        RuleDraft(action="mute", query="story", folder_id=folder),
    ):
        assert mine.rules.preview(draft, now=NOW).lines == ()


def test_a_rule_without_a_sense_is_refused(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = archive.library()
    with pytest.raises(NotFound, match="no subscription 99"):
        mine.rules.add(RuleDraft(action="mute", query="x", feed_id=99), now=NOW)
    with pytest.raises(NotFound, match="no folder 99"):
        mine.rules.add(RuleDraft(action="mute", query="x", folder_id=99), now=NOW)
    with pytest.raises(InvalidValue, match="not for both"):
        mine.rules.add(RuleDraft(action="mute", query="x", feed_id=1, folder_id=1), now=NOW)
    with pytest.raises(InvalidValue, match="no action"):
        mine.rules.add(RuleDraft(action="hide", query="x"), now=NOW)  # type: ignore[arg-type]
    with pytest.raises(InvalidValue, match="at most 500"):
        mine.rules.add(RuleDraft(action="mute", query="x" * 501), now=NOW)
    with pytest.raises(BadQuery):
        mine.rules.add(RuleDraft(action="mute", query="is:read"), now=NOW)
    with pytest.raises(NotFound, match="filter list"):
        mine.rules.remove(99, now=NOW)
    monkeypatch.setattr(rules, "MAX_RULES", 1)
    mine.rules.add(RuleDraft(action="mute", query="x"), now=NOW)
    assert mine.rules.has_any()
    with pytest.raises(InvalidValue, match="already"):
        mine.rules.add(RuleDraft(action="mute", query="y"), now=NOW)
