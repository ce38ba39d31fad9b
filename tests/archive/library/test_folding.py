"""Folding of near-duplicates in lists, on both databases."""

from dataclasses import replace

import pytest

from tests.archive.analysis.test_analyse import OTHER, WIRE, page_of
from tests.archive.sample_feeds import HOUR, NOW, a_page, an_article, an_entry, fine, incomplete
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, Query
from unabridged.archive.library.folding import Member, fold
from unabridged.archive.records.library import FoldedUnread
from unabridged.model import Feed

LONGER = f"From our partners.\n\n{WIRE}"
CUT = WIRE[: int(len(WIRE) * 0.95)]
FIRST, SECOND = "https://one.example/feed", "https://two.example/feed"


def deliver(archive: Archive, url: str, *numbers: int) -> list[int]:
    """Subscribe the owner to a feed, which shows entries of these numbers; return the articles."""
    feed = archive.library().subscriptions.add(url, now=NOW).feed
    entries = [an_entry(number) for number in numbers]
    return list(archive.ingest.save_entries(feed.id, Feed(url=url, format="rss"), entries, fine()).new)


def write(archive: Archive, number: int, text: str, *, at: int = 0, cut: bool = False) -> None:
    """Save the page of an article with a text."""
    article = an_article(page_of(number), f"Story {number}", text)
    if cut:
        article = replace(article, completeness=incomplete("truncated"))
    page = a_page(page_of(number), f"{text}{at}".encode())
    archive.ingest.save_page(number, article, page, now=NOW + at * HOUR)


def analysed(archive: Archive, *texts: str) -> list[int]:
    """Articles with these texts, those of odd places in one feed, those of even places in another one."""
    numbers = []
    for place in range(1, len(texts) + 1):
        numbers += deliver(archive, FIRST if place % 2 else SECOND, place)
    for number, text in zip(numbers, texts, strict=True):
        write(archive, number, text)
    archive.analysis.all()
    return numbers


def shown(archive: Archive, front: str = "first", user: int = 1, **query: object) -> set[int]:
    page = archive.library(user).stories.folded_headlines(Query(**query), front)  # type: ignore[arg-type]
    return {line.id for line in page.headlines}


def under(archive: Archive, front: str = "first", **query: object) -> dict[int, tuple[int, ...]]:
    page = archive.library().stories.folded_headlines(Query(**query), front)  # type: ignore[arg-type]
    assert {number: tuple(line.id for line in lines) for number, lines in page.lines.items()} == page.under
    return dict(page.under)


def test_a_whole_text_stands_before_a_cut_one_then_the_first_or_the_longest() -> None:
    cut = Member(article_id=1, group=1, whole=False, words=90)
    first = Member(article_id=2, group=1, whole=True, words=50)
    longest = Member(article_id=3, group=1, whole=True, words=60)
    alone = Member(article_id=4, group=2, whole=True, words=10)
    assert fold([cut, first, longest, alone], "first").under == {2: (1, 3)}
    assert fold([alone, longest, first, cut], "longest").under == {3: (1, 2)}


def test_a_list_has_one_article_of_each_group_with_the_others_under_it(archive: Archive) -> None:
    one, copy, other = analysed(archive, WIRE, LONGER, OTHER)
    assert shown(archive) == {one, other}
    assert under(archive) == {one: (copy,)}
    assert shown(archive, "longest") == {copy, other}
    assert under(archive, "longest") == {copy: (one,)}


def test_a_cut_text_is_never_in_front_of_a_whole_one(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, LONGER)
    write(archive, one, CUT, at=1, cut=True)
    archive.analysis.all()
    if archive.library().articles.get(one).article.completeness.kind == "truncated":
        assert under(archive) == {copy: (one,)}
    else:  # the archive kept the whole text
        assert under(archive) == {one: (copy,)}


def test_only_articles_of_the_same_list_fold_one_another(archive: Archive) -> None:
    one, copy, _ = analysed(archive, WIRE, LONGER, OTHER)
    feeds = {line.title: line.feed.id for line in archive.library().subscriptions.all()}
    second = archive.library().articles.get(copy).feed_id
    assert second in feeds.values()
    assert shown(archive, feed=second) == {copy}
    archive.library().marks.set_read([one], True, now=NOW)
    assert copy in shown(archive, unread=True)
    archive.library().marks.set_starred([copy], True, now=NOW)
    assert shown(archive, starred=True) == {copy}


def test_pages_of_a_folded_list_have_every_group_once(archive: Archive) -> None:
    texts = [WIRE, LONGER, OTHER, WIRE.replace("Dora", "Ella"), OTHER.replace("tells of", "speaks about")]
    one, _, other, _, last = analysed(archive, *texts)
    found: list[int] = []
    place: str | None = None
    for _ in range(10):
        page = archive.library().stories.folded_headlines(Query(limit=1, before=place), "first")
        found += [line.id for line in page.headlines]
        place = page.next
        if place is None:
            break
    assert sorted(found) == sorted([one, other, last])


def test_neighbours_of_a_folded_list_pass_over_what_is_folded(archive: Archive) -> None:
    one, copy, other, late = analysed(archive, WIRE, LONGER, OTHER, WIRE.replace("Dora", "Ella"))
    stories = archive.library().stories
    assert stories.folded_neighbours(one, Query(), "first") == (other, None)
    assert stories.folded_neighbours(other, Query(), "first") == (None, one)
    assert stories.folded_neighbours(copy, Query(), "first") == (other, one)
    assert late not in stories.folded_neighbours(other, Query(), "first")


def test_counts_of_unread_articles_are_those_of_the_lists(archive: Archive) -> None:
    one, copy, _, late = analysed(archive, WIRE, LONGER, OTHER, WIRE.replace("Dora", "Ella"))
    library = archive.library()
    for line in library.subscriptions.all():
        library.subscriptions.move(line.feed.id, "News")
    library.tags.add([copy, late], ["harbour"], now=NOW)
    search = library.searches.add("Harbour", "harbour", now=NOW)
    archive.filing.some(now=NOW)
    [folder] = library.subscriptions.folders()
    [tag] = library.tags.all()
    found = library.stories.folded_unread()
    assert found.every == 2
    assert found.folders == {folder.id: 2}
    assert found.tags == {tag.id: 1}
    assert found.searches == {search.id: 2}
    for line in library.subscriptions.all():
        assert line.unread - found.feeds.get(line.feed.id, 0) == len(
            shown(archive, feed=line.feed.id, unread=True)
        )
    assert library.mark_counts().unread - found.every == len(shown(archive, unread=True))
    library.marks.set_read([one, copy, late], True, now=NOW)
    assert library.stories.folded_unread() == FoldedUnread()


def test_counts_are_the_same_from_either_side(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    analysed(archive, WIRE, LONGER, OTHER, WIRE.replace("Dora", "Ella"))
    few = archive.library().stories.folded_unread()
    monkeypatch.setattr("unabridged.archive.library.folding.FEW", 0)
    assert archive.library().stories.folded_unread() == few != FoldedUnread()


def test_a_copy_in_a_feed_that_one_does_not_have_folds_nothing(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, LONGER)
    ann = add_user(archive, "ann")
    archive.library(ann).subscriptions.add(SECOND, now=NOW)
    assert shown(archive, user=ann) == {copy}
    assert archive.library(ann).stories.folded_unread() == FoldedUnread()
    assert archive.library(ann).stories.folding(Query(), [one, copy], "first") == {}
    assert archive.library(ann).stories.folding_among([one, copy], "first") == {}


def test_an_edit_that_ends_the_relation_unfolds(archive: Archive) -> None:
    one, copy = analysed(archive, WIRE, LONGER)
    write(archive, copy, OTHER, at=1)
    archive.analysis.all()
    assert shown(archive) == {one, copy}
    assert under(archive) == {}


def test_groups_that_an_article_joins_are_folded_as_one(archive: Archive) -> None:
    one, copy, other, more = analysed(archive, WIRE, LONGER, OTHER, OTHER.replace("tells of", "speaks about"))
    write(archive, more, WIRE.replace("Dora", "Ella"), at=1)
    archive.analysis.all()
    assert under(archive) == {one: (copy, more)}
    assert shown(archive) == {one, other}


def test_the_next_one_is_in_front_when_the_front_article_is_deleted(archive: Archive) -> None:
    one, copy, late = analysed(archive, WIRE, LONGER, WIRE.replace("Dora", "Ella"))
    archive.library().articles.delete(one, now=NOW)
    assert under(archive) == {copy: (late,)}


def test_some_articles_are_folded_among_themselves(archive: Archive) -> None:
    one, copy, other = analysed(archive, WIRE, LONGER, OTHER)
    stories = archive.library().stories
    assert stories.folding_among([copy, other], "first") == {}
    assert stories.folding_among([other, copy, one], "first") == {one: (copy,)}
