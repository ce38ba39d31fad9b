"""Parameters of lists of entries, and what they select."""

from datetime import UTC, datetime

import pytest

from unabridged.archive.records.items import ItemList, StreamPart
from unabridged.serve.sync.miniflux.answers import Refusal
from unabridged.serve.sync.miniflux.entry_filters import EntryFilters, read_filters
from unabridged.serve.sync.parameters import read_parameters

AT = datetime(2026, 3, 3, 1, 6, 40, tzinfo=UTC)
READ, UNREAD, STARRED = (StreamPart(kind="read"), StreamPart(kind="unread"), StreamPart(kind="starred"))


def wanted(query: str) -> ItemList:
    return read_filters(read_parameters(query)).wanted


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ItemList(limit=100)),
        ("status=read", ItemList(limit=100, only=(READ,))),
        ("status=unread&status=removed", ItemList(limit=100, only=(UNREAD,))),
        ("status=unread&status=read", ItemList(limit=100)),
        ("status=", ItemList(limit=100)),
        ("starred", ItemList(limit=100, only=(STARRED,))),
        ("starred=true", ItemList(limit=100, only=(STARRED,))),
        ("starred=0", ItemList(limit=100, without=(STARRED,))),
        ("starred=perhaps", ItemList(limit=100)),
        ("order=title&direction=desc", ItemList(limit=100, order="title", descending=True)),
        ("limit=7&offset=3", ItemList(limit=7, offset=3)),
        ("limit=0", ItemList(limit=None)),
        ("limit=-1", ItemList(limit=None)),
        ("limit=many&offset=-2", ItemList(limit=100)),
        ("after_entry_id=5&before_entry_id=9", ItemList(limit=100, above=5, below=9)),
        ("after_entry_id=0&before_entry_id=x", ItemList(limit=100)),
        ("after=1772500000&published_after=1", ItemList(limit=100, published_after=AT)),
        ("before=1772500000&published_before=1772500001", ItemList(limit=100, published_before=AT)),
        ("published_before=1772500000", ItemList(limit=100, published_before=AT)),
        ("changed_after=1772500000&after=", ItemList(limit=100, changed_after=AT)),
        ("changed_before=1772500000&before=0", ItemList(limit=100, changed_before=AT)),
        ("globally_visible=true&x=y", ItemList(limit=100)),
    ],
)
def test_parameters_become_a_list(query: str, expected: ItemList) -> None:
    assert wanted(query) == expected


def test_what_has_to_be_looked_up_is_kept_apart() -> None:
    found = read_filters(read_parameters("feed_id=2&category_id=3&search=+a+b+&tags=X&tags=Y&tags=X&tags="))
    assert found == EntryFilters(wanted=ItemList(limit=100), feed=2, category=3, words="a b", tags=("X", "Y"))
    assert read_filters(read_parameters("status=removed")).nothing


@pytest.mark.parametrize("query", ["status=bad", "status=read&status=bad", "order=bad", "direction=up"])
def test_wrong_words_are_refused(query: str) -> None:
    with pytest.raises(Refusal, match="valid") as refused:
        wanted(query)
    assert refused.value.status == 400


def test_the_farthest_time_is_taken_as_one() -> None:
    assert wanted("before=999999999999999").published_before is not None
