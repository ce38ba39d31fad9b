"""Logins, sessions, back-off and one-time addresses, on both databases."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.archive.sample_feeds import NOW
from unabridged.archive import OWNER, Archive
from unabridged.archive.accounts import login_limits
from unabridged.archive.records.accounts import Device, NewSession
from unabridged.errors import ArchiveError, LoginRefused, NotFound

GOOD = "correct horse battery"
OTHER = "another horse entirely"


def log_in(
    archive: Archive,
    name: str = "Ada",
    password: str = GOOD,
    address: str = "192.0.2.1",
    now: datetime = NOW,
) -> NewSession:
    return archive.accounts.log_in(name, password, Device(agent="Firefox", address=address), now=now)


@pytest.fixture
def ada(archive: Archive) -> int:
    return archive.accounts.add("Ada", password=GOOD, now=NOW).id


def test_a_login_opens_a_session_whose_secret_is_nowhere(archive: Archive, ada: int, dsn: str) -> None:
    made = log_in(archive, "ADA")
    assert made.session.user.id == ada and made.session.agent == "Firefox"
    assert archive.accounts.session(made.secret, now=NOW) == made.session
    assert archive.accounts.session(made.secret + "x", now=NOW) is None
    if dsn.startswith("sqlite"):
        path = Path(dsn.removeprefix("sqlite:///"))
        data = b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
        assert made.secret.encode() not in data and GOOD.encode() not in data


def test_wrong_name_and_wrong_password_sound_alike(archive: Archive, ada: int) -> None:
    refusals = set()
    for name, password in (("Ada", OTHER), ("nobody", GOOD), ("owner", "")):
        with pytest.raises(LoginRefused) as refused:
            log_in(archive, name, password)
        refusals.add(str(refused.value))
    assert len(refusals) == 1


@pytest.mark.parametrize("name", ["Ada", "nobody"])
def test_after_five_failures_an_account_waits_whether_it_exists_or_not(
    archive: Archive, ada: int, name: str
) -> None:
    for place in range(login_limits.FREE_ACCOUNT):
        with pytest.raises(LoginRefused, match="belong together"):
            log_in(archive, name, OTHER, f"192.0.2.{place}")
    with pytest.raises(LoginRefused, match="Too many") as refused:
        log_in(archive, name, GOOD, "192.0.2.9")
    assert refused.value.retry_after == login_limits.FIRST_WAIT


def test_the_wait_doubles_and_ends_and_a_login_forgets_the_failures(archive: Archive, ada: int) -> None:
    now = NOW
    for _ in range(login_limits.FREE_ACCOUNT + 2):
        with pytest.raises(LoginRefused):
            log_in(archive, password=OTHER, now=now)
        now += timedelta(seconds=30)
    log_in(archive, now=now)
    with pytest.raises(LoginRefused, match="belong together"):
        log_in(archive, password=OTHER, now=now)


def test_an_address_that_tries_many_names_waits(archive: Archive, ada: int) -> None:
    for place in range(login_limits.FREE_ADDRESS):
        with pytest.raises(LoginRefused, match="belong together"):
            log_in(archive, f"name {place}", GOOD)
    with pytest.raises(LoginRefused, match="Too many"):
        log_in(archive)
    assert log_in(archive, address="192.0.2.77").session.user.id == ada


def test_a_clock_that_was_ahead_locks_nobody_out(archive: Archive, ada: int) -> None:
    for _ in range(login_limits.FREE_ACCOUNT):
        with pytest.raises(LoginRefused):
            log_in(archive, password=OTHER, now=NOW + timedelta(days=300))
    log_in(archive, now=NOW + timedelta(seconds=3))


def test_a_session_ends_when_it_is_not_used_and_after_a_year(archive: Archive, ada: int) -> None:
    made = log_in(archive)
    now = NOW
    for _ in range(7):
        now += timedelta(days=50)
        assert archive.accounts.session(made.secret, now=now) is not None
    assert archive.accounts.session(made.secret, now=NOW + timedelta(days=366)) is None
    unused = log_in(archive)
    assert archive.accounts.session(unused.secret, now=NOW + timedelta(days=61)) is None


def test_devices_are_listed_and_logged_out_one_by_one_or_all(archive: Archive, ada: int) -> None:
    first, second, third = (log_in(archive, now=NOW + timedelta(hours=hour)) for hour in range(3))
    now = NOW + timedelta(hours=3)
    assert [one.id for one in archive.accounts.sessions(ada, now=now)] == [
        one.session.id for one in (third, second, first)
    ]
    archive.accounts.end_session(ada, first.session.id)
    with pytest.raises(NotFound):
        archive.accounts.end_session(OWNER, second.session.id)
    assert archive.accounts.end_other_sessions(ada, third.session.id) == 1
    alive = [archive.accounts.session(one.secret, now=now) is not None for one in (first, second, third)]
    assert alive == [False, False, True]


def test_a_new_password_ends_the_other_sessions(archive: Archive, ada: int) -> None:
    here, elsewhere = log_in(archive), log_in(archive)
    with pytest.raises(LoginRefused, match="present password"):
        archive.accounts.change_password(ada, OTHER, OTHER, kept=None, address="", now=NOW)
    with pytest.raises(ArchiveError, match="characters"):
        archive.accounts.change_password(ada, GOOD, "short", kept=None, address="", now=NOW)
    archive.accounts.change_password(ada, GOOD, OTHER, kept=here.session.id, address="", now=NOW)
    assert archive.accounts.session(here.secret, now=NOW) is not None
    assert archive.accounts.session(elsewhere.secret, now=NOW) is None
    assert log_in(archive, password=OTHER)
    with pytest.raises(LoginRefused):
        log_in(archive)


def test_the_first_account_is_the_owners_with_a_name_of_their_own(archive: Archive) -> None:
    secret = archive.accounts.invite_owner(now=NOW)
    with pytest.raises(ArchiveError, match="characters"):
        archive.accounts.accept(secret, "Grace", "short", Device(), now=NOW)
    made = archive.accounts.accept(secret, "Grace", GOOD, Device(), now=NOW)
    assert (made.session.user.id, made.session.user.name) == (OWNER, "Grace")
    assert archive.accounts.is_claimed()
    assert log_in(archive, "grace").session.user.role == "admin"
    with pytest.raises(LoginRefused, match="used"):
        archive.accounts.accept(secret, "Mallory", GOOD, Device(), now=NOW)


def test_a_one_time_address_makes_an_account_once_within_a_week(archive: Archive) -> None:
    secret, late = (archive.accounts.invite("reader", now=NOW) for _ in range(2))
    invitation = archive.accounts.invitation(secret, now=NOW)
    assert invitation is not None and (invitation.kind, invitation.user) == ("account", None)
    with pytest.raises(ArchiveError, match="already"):
        archive.accounts.accept(secret, "Owner", GOOD, Device(), now=NOW)
    made = archive.accounts.accept(secret, "Bo", GOOD, Device(), now=NOW)
    assert (made.session.user.name, made.session.user.role) == ("Bo", "reader")
    with pytest.raises(LoginRefused):
        archive.accounts.accept(late, "C", GOOD, Device(), now=NOW + timedelta(days=8))
    assert archive.accounts.invitation("made up", now=NOW) is None


def test_a_forgotten_password_is_set_anew_and_logs_out_everywhere(archive: Archive, ada: int) -> None:
    old = log_in(archive)
    first = archive.accounts.invite_to_password(ada, now=NOW)
    secret = archive.accounts.invite_to_password(ada, now=NOW)
    assert archive.accounts.invitation(first, now=NOW) is None, "a newer address ends the older one"
    made = archive.accounts.accept(secret, "another name", OTHER, Device(), now=NOW)
    assert made.session.user.name == "Ada"
    assert archive.accounts.session(old.secret, now=NOW) is None
    assert log_in(archive, password=OTHER)


def test_a_token_is_found_by_its_secret_and_notes_its_use(archive: Archive, ada: int) -> None:
    made = archive.library(ada).tokens.add("phone", "read", now=NOW)
    later = NOW + timedelta(hours=1)
    found = archive.accounts.apps.by_token(made.secret, now=later)
    assert found is not None and (found.user, found.scope) == (ada, "read")
    assert archive.library(ada).tokens.all()[0].last_used == later
    assert archive.accounts.apps.by_token("unabridged_no", now=NOW) is None
