"""Tags: put on, found again, renamed and taken off."""

import pytest

from tests.archive.sample_feeds import NOW, filled, titles
from unabridged.archive import Archive
from unabridged.errors import ArchiveError

# Tags


def test_tags_are_put_on_found_again_and_taken_off(archive: Archive) -> None:
    one, two, three = filled(archive, 1, 2, 3)
    assert archive.library().tags.add([one, two, 999], ["later", "  read \n twice "], now=NOW) == 2
    archive.library().tags.add([three], ["later"], now=NOW)
    archive.library().marks.set_read([two], True, now=NOW)
    found = [(tag.name, tag.articles, tag.unread) for tag in archive.library().tags.all()]
    assert found == [("later", 3, 2), ("read twice", 2, 1)]
    assert archive.library().tags.by_article([one, two, three])[three] == ("later",)
    later = archive.library().tags.all()[0]
    assert titles(archive, tag=later.id, unread=True) == {"Story 1", "Story 3"}
    archive.library().tags.remove([one, two], ["read twice", "never there"], now=NOW)
    assert [tag.name for tag in archive.library().tags.all()] == ["later"]


def test_a_tag_renamed_onto_another_becomes_one_with_it(archive: Archive) -> None:
    one, two = filled(archive, 1, 2)
    archive.library().tags.add([one], ["a"], now=NOW)
    archive.library().tags.add([one, two], ["b"], now=NOW)
    a, b = archive.library().tags.all()
    archive.library().tags.rename(a.id, "c")
    assert [tag.name for tag in archive.library().tags.all()] == ["b", "c"]
    archive.library().tags.rename(b.id, "c")
    assert [(tag.name, tag.articles) for tag in archive.library().tags.all()] == [("c", 2)]
    archive.library().tags.delete(archive.library().tags.all()[0].id)
    assert archive.library().tags.all() == ()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x07b"])
def test_what_is_no_name_for_a_tag_is_refused(archive: Archive, name: str) -> None:
    [one] = filled(archive, 1)
    with pytest.raises(ArchiveError, match="no name for a tag"):
        archive.library().tags.add([one], [name], now=NOW)
