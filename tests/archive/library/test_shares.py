"""Share links: each opens one version until it is taken back, and its secret is nowhere."""

import pytest

from tests.archive.facade.test_user_isolation import rows
from tests.archive.sample_feeds import NOW, filled
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive
from unabridged.errors import NotFound


def test_a_link_opens_its_version_until_it_is_taken_back(archive: Archive, dsn: str) -> None:
    [number] = filled(archive, 1)
    made = archive.library().shares.add(number, 0, now=NOW)
    assert archive.shared.find(made.secret) == made.share
    assert (made.share.article_id, made.share.number, made.share.title) == (number, 0, "Story 1")
    assert archive.library().shares.all() == (made.share,)
    assert made.secret not in str(rows(dsn)), "only its hash is stored"
    for wrong in ("", made.secret[:-1], made.secret + "x", "\ud800"):
        assert archive.shared.find(wrong) is None
    archive.library().shares.remove(made.share.id)
    assert archive.shared.find(made.secret) is None
    with pytest.raises(NotFound):
        archive.library().shares.remove(made.share.id)


def test_a_link_ends_with_its_article_and_with_its_person(archive: Archive) -> None:
    first, second = filled(archive, 1, 2)
    secret = archive.library().shares.add(first, 0, now=NOW).secret
    archive.library().articles.delete(first, now=NOW)
    assert archive.shared.find(secret) is None
    ann = add_user(archive, "ann")
    archive.library(ann).subscriptions.add("https://news.example/feed", now=NOW)
    with pytest.raises(NotFound):
        archive.library().shares.add(second, 7, now=NOW)
    made = archive.library(ann).shares.add(second, 0, now=NOW)
    archive.accounts.remove(ann)
    assert archive.shared.find(made.secret) is None
