"""Timeline of a story: appearances and later events as one list."""

from datetime import UTC, datetime, timedelta

from unabridged.stories.timeline import Appearance, StoryEvent, timeline

NOON = datetime(2026, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_the_earliest_is_first_and_others_follow_or_copy() -> None:
    found = timeline(
        [
            Appearance(article=9, at=NOON + HOUR, copy_of=4),
            Appearance(article=7, at=NOON + 2 * HOUR),
            Appearance(article=4, at=NOON),
        ],
        (),
    )
    assert [(one.kind, one.article, one.other) for one in found] == [
        ("first", 4, None),
        ("copied", 9, 4),
        ("followed", 7, None),
    ]


def test_later_events_stand_between_the_appearances_by_their_time() -> None:
    edit = StoryEvent(at=NOON + HOUR, kind="edited", article=1, before=1, after=2, reason="3 words added")
    merge = StoryEvent(at=NOON + 3 * HOUR, kind="merged", other=12, reason="copies")
    found = timeline(
        [Appearance(article=1, at=NOON), Appearance(article=2, at=NOON + 2 * HOUR)], [merge, edit]
    )
    assert [one.kind for one in found] == ["first", "edited", "followed", "merged"]


def test_of_one_moment_appearances_come_before_what_was_done_to_them() -> None:
    gone = StoryEvent(at=NOON, kind="taken_down", article=1)
    assert [one.kind for one in timeline([Appearance(article=1, at=NOON)], [gone])] == ["first", "taken_down"]
    assert timeline((), ()) == ()
