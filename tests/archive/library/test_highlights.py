"""Highlights: words of a version with a note, of one person, within bounds."""

import pytest

from tests.archive.sample_feeds import NOW, filled
from unabridged.archive import Archive
from unabridged.archive.library.highlights import MAX_HIGHLIGHTS
from unabridged.errors import InvalidValue, NotFound
from unabridged.text.quotes import Quote


def test_a_highlight_keeps_words_surroundings_and_note(archive: Archive) -> None:
    first, second = filled(archive, 1, 2)
    mine = archive.library().highlights
    quote = Quote(exact="Teaser\x00  1.", prefix="before " * 40, suffix=" after")
    number = mine.add(first, 0, quote, " A note.\n\nOf two lines. ", now=NOW)
    other = mine.add(second, 0, Quote(exact="Teaser"), now=NOW)
    [found] = mine.of_article(first)
    assert (found.id, found.quote.exact, found.quote.suffix) == (number, "Teaser 1.", "after")
    assert len(found.quote.prefix) == 64 and found.note == "A note.\n\nOf two lines."
    assert (found.title, found.url) == ("Story 1", "https://news.example/1")
    assert [one.id for one in mine.page()] == [other, number]
    assert [one.id for one in mine.page(before=other)] == [number]
    assert [one.id for one in mine.by_article()] == [number, other]
    mine.set_note(number, "")
    assert mine.of_article(first)[0].note == ""
    mine.remove(number)
    archive.library().articles.delete(second)
    assert mine.page() == ()


def test_what_is_too_much_or_not_there_is_refused(archive: Archive) -> None:
    [number] = filled(archive, 1)
    mine = archive.library().highlights
    for exact in ("", " \n", "x" * 4001):
        with pytest.raises(InvalidValue):
            mine.add(number, 0, Quote(exact=exact), now=NOW)
    with pytest.raises(InvalidValue):
        mine.add(number, 0, Quote(exact="x"), "n" * 2001, now=NOW)
    for where in ((number, 9), (99, 0)):
        with pytest.raises(NotFound):
            mine.add(*where, Quote(exact="x"), now=NOW)
    for _ in range(MAX_HIGHLIGHTS):
        mine.add(number, 0, Quote(exact="x"), now=NOW)
    with pytest.raises(InvalidValue, match="Remove some"):
        mine.add(number, 0, Quote(exact="x"), now=NOW)
    with pytest.raises(NotFound):
        mine.set_note(9999, "x")
    with pytest.raises(NotFound):
        mine.remove(9999)
