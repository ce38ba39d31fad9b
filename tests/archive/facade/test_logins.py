"""Logins by passkey and by identity, on both databases."""

from collections.abc import Callable

import pytest

from tests.archive.sample_feeds import NOW
from unabridged.archive import OWNER, Archive
from unabridged.archive.accounts import identities, login_limits, passkeys
from unabridged.archive.records.accounts import Device, NewPasskey, NewSession, Passkey, Person
from unabridged.errors import ArchiveError, LoginRefused, NotFound

ADA = Person(issuer="https://login.example", subject="ada-1", names=("Ada",))
GOOD = "correct horse battery"


def made(credential_id: bytes = b"one", **changed: object) -> NewPasskey:
    fields = {"public_key": b"key", "sign_count": 0, "name": " Phone\n"} | changed
    return NewPasskey(credential_id=credential_id, **fields)  # type: ignore[arg-type]


def counting(count: int) -> Callable[[Passkey], int]:
    return lambda _: count


def enter(archive: Archive, count: int, credential_id: bytes = b"one") -> NewSession:
    return archive.accounts.passkeys.log_in(credential_id, counting(count), Device(), now=NOW)


@pytest.fixture
def ada(archive: Archive) -> int:
    return archive.accounts.add("Ada", password=GOOD, now=NOW).id


def test_a_passkey_logs_its_person_in_and_its_use_is_noted(archive: Archive, ada: int) -> None:
    added = archive.accounts.passkeys.add(ada, made(), now=NOW)
    assert (added.name, added.last_used, added.user) == ("Phone", None, ada)
    session = enter(archive, 1)
    assert session.session.user.name == "Ada"
    [kept] = archive.accounts.passkeys.all(ada)
    assert kept.last_used == NOW and kept.public_key == b"key"


def test_a_passkey_whose_count_does_not_rise_is_refused(archive: Archive, ada: int) -> None:
    archive.accounts.passkeys.add(ada, made(sign_count=7), now=NOW)
    enter(archive, 8)
    before = archive.accounts.sessions(ada, now=NOW)
    for count in (8, 3, 0):
        with pytest.raises(LoginRefused, match="copied"):
            enter(archive, count)
    assert archive.accounts.sessions(ada, now=NOW) == before
    enter(archive, 2**32 - 1)


def test_a_passkey_that_does_not_count_may_be_used_again_and_again(archive: Archive, ada: int) -> None:
    archive.accounts.passkeys.add(ada, made(), now=NOW)
    enter(archive, 0)
    enter(archive, 0)


def test_an_unknown_passkey_and_an_answer_that_is_refused_log_nobody_in(archive: Archive, ada: int) -> None:
    def refuse(_: Passkey) -> int:
        raise LoginRefused("wrong")

    archive.accounts.passkeys.add(ada, made(), now=NOW)
    with pytest.raises(LoginRefused, match="not known here"):
        enter(archive, 1, b"other")
    with pytest.raises(LoginRefused, match="wrong"):
        archive.accounts.passkeys.log_in(b"one", refuse, Device(), now=NOW)
    assert archive.accounts.sessions(ada, now=NOW) == ()


def test_a_passkey_belongs_to_one_account_and_there_are_not_too_many(archive: Archive, ada: int) -> None:
    mine = archive.accounts.passkeys
    mine.add(ada, made(), now=NOW)
    with pytest.raises(ArchiveError, match="in use"):
        mine.add(OWNER, made(), now=NOW)
    for number in range(passkeys.MOST_PASSKEYS - 1):
        mine.add(ada, made(b"%d" % number), now=NOW)
    with pytest.raises(ArchiveError, match="at most"):
        mine.add(ada, made(b"more"), now=NOW)
    with pytest.raises(NotFound):
        mine.add(99, made(b"more"), now=NOW)


def test_passkeys_of_another_person_cannot_be_renamed_or_removed(archive: Archive, ada: int) -> None:
    mine = archive.accounts.passkeys
    number = mine.add(ada, made(), now=NOW).id
    with pytest.raises(NotFound):
        mine.rename(OWNER, number, "x")
    with pytest.raises(NotFound):
        mine.remove(OWNER, number)
    mine.rename(ada, number, "a\u202eb")
    assert mine.all(ada)[0].name == "ab"
    mine.remove(ada, number)
    with pytest.raises(LoginRefused):
        enter(archive, 1)


def test_the_last_way_to_log_in_stays(archive: Archive) -> None:
    accounts = archive.accounts
    bo = accounts.add("Bo", now=NOW).id
    key = accounts.passkeys.add(bo, made(), now=NOW).id
    with pytest.raises(ArchiveError, match="only way"):
        accounts.passkeys.remove(bo, key)
    accounts.identities.link(bo, ADA)
    accounts.passkeys.remove(bo, key)
    [identity] = accounts.identities.all(bo)
    with pytest.raises(ArchiveError, match="only way"):
        accounts.identities.unlink(bo, identity.id)
    accounts.set_password(bo, GOOD)
    accounts.identities.unlink(bo, identity.id)


def test_an_identity_logs_in_the_account_that_it_is_linked_to(archive: Archive, ada: int) -> None:
    mine = archive.accounts.identities
    with pytest.raises(LoginRefused, match="no account for this login"):
        mine.log_in(ADA, Device(), create=False, now=NOW)
    mine.link(ada, ADA)
    assert mine.log_in(ADA, Device(), create=False, now=NOW).session.user.id == ada
    with pytest.raises(ArchiveError, match="already"):
        mine.link(ada, ADA)
    with pytest.raises(ArchiveError, match="another account"):
        mine.link(OWNER, ADA)
    [identity] = mine.all(ada)
    with pytest.raises(NotFound):
        mine.unlink(OWNER, identity.id)
    for other in (
        Person(issuer="https://evil.example", subject="ada-1"),
        Person(issuer=ADA.issuer, subject="b"),
    ):
        with pytest.raises(LoginRefused):
            mine.log_in(other, Device(), create=False, now=NOW)


@pytest.mark.parametrize(
    ("names", "given"),
    [
        (("Grace", "grace@example.org"), "Grace"),
        (("Ada", "Countess"), "Countess"),
        (("ADA",), "ADA 2"),
        (("", " : ", "a\u202eb\x00"), "ab"),
        ((), "reader 2"),
        (("x" * 500,), "x" * 60),
    ],
)
def test_a_new_account_never_takes_over_one_of_the_same_name(
    archive: Archive, ada: int, names: tuple[str, ...], given: str
) -> None:
    person = Person(issuer=ADA.issuer, subject="new", names=names)
    user = archive.accounts.identities.log_in(person, Device(), create=True, now=NOW).session.user
    assert (user.name, user.role, user.has_password) == (given, "reader", False)
    assert user.id != ada
    again = archive.accounts.identities.log_in(person, Device(), create=False, now=NOW).session.user
    assert again == user


def test_a_subject_longer_than_the_standard_allows_is_refused(archive: Archive, ada: int) -> None:
    long = Person(issuer=ADA.issuer, subject="x" * (identities.LONGEST_SUBJECT + 1))
    with pytest.raises(ArchiveError, match="subject"):
        archive.accounts.identities.log_in(long, Device(), create=True, now=NOW)
    assert [one.name for one in archive.accounts.all()] == ["owner", "Ada"], "no account without a login"


def test_failures_without_a_name_are_counted_for_the_address(archive: Archive) -> None:
    accounts = archive.accounts
    for _ in range(login_limits.FREE_ADDRESS):
        accounts.check_address("192.0.2.1", now=NOW)
        accounts.record_failure("192.0.2.1", now=NOW)
    with pytest.raises(LoginRefused, match="Too many") as refused:
        accounts.check_address("192.0.2.1", now=NOW)
    assert refused.value.retry_after == login_limits.FIRST_WAIT
    accounts.check_address("192.0.2.2", now=NOW)
