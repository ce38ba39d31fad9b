"""People: names, roles, removal."""

import pytest

from tests.archive.sample_feeds import NOW, URL, an_entry, save
from unabridged.archive import OWNER, Archive
from unabridged.archive.accounts.users import user_name
from unabridged.archive.records.accounts import Device
from unabridged.errors import ArchiveError, NotFound


def test_the_owner_is_there_from_the_start_and_is_an_administrator(archive: Archive) -> None:
    [owner] = archive.accounts.all()
    assert (owner.id, owner.role, owner.has_password) == (OWNER, "admin", False)
    assert not archive.accounts.is_claimed()


def test_a_name_is_one_persons_whatever_the_case_of_its_letters(archive: Archive) -> None:
    bo = archive.accounts.add("Bö", now=NOW)
    assert archive.accounts.find("BÖ") == bo
    with pytest.raises(ArchiveError, match="already"):
        archive.accounts.add("bo\u0308", now=NOW)
    with pytest.raises(NotFound):
        archive.accounts.find("nobody")


def test_a_new_name_is_found_and_the_old_one_is_not(archive: Archive) -> None:
    secret = archive.accounts.invite_owner(now=NOW)
    archive.accounts.accept(secret, "Änne", "correct horse battery", Device(), now=NOW)
    assert archive.accounts.find("äNNE").id == OWNER
    with pytest.raises(NotFound):
        archive.accounts.find("owner")


@pytest.mark.parametrize("name", ["", "  ", "a:b", "x" * 61, "a\u202eb"])
def test_a_name_that_misleads_is_refused(name: str) -> None:
    with pytest.raises(ArchiveError, match="no name for an account"):
        user_name(name)


def test_a_name_is_one_line(archive: Archive) -> None:
    assert archive.accounts.add(" 小 林\n", now=NOW).name == "小 林"


def test_roles(archive: Archive) -> None:
    bo = archive.accounts.add("bo", now=NOW)
    archive.accounts.set_role(bo.id, "admin")
    assert archive.accounts.get(bo.id).role == "admin"
    with pytest.raises(ArchiveError, match="owner"):
        archive.accounts.set_role(OWNER, "reader")
    with pytest.raises(ArchiveError, match="role"):
        archive.accounts.add("c", "king", now=NOW)  # type: ignore[arg-type]


def test_a_removed_person_takes_their_own_things_and_no_article(archive: Archive) -> None:
    bo = archive.accounts.add("bo", now=NOW)
    theirs = archive.library(bo.id)
    feed = theirs.subscriptions.add(URL, now=NOW, folder="News").feed
    [number] = save(archive, feed.id, an_entry(1)).new
    theirs.tags.add([number], ["kept"], now=NOW)
    made = theirs.tokens.add("phone", now=NOW)
    archive.accounts.remove(bo.id)
    assert archive.accounts.apps.by_token(made.secret, now=NOW) is None
    assert archive.library().articles.get(number).article.title
    with pytest.raises(NotFound):
        archive.accounts.get(bo.id)
    with pytest.raises(ArchiveError, match="owner"):
        archive.accounts.remove(OWNER)
