"""Passwords: what is stored, and what takes how long."""

import subprocess
import sys

import pytest

from unabridged.archive.accounts import passwords
from unabridged.archive.accounts.passwords import hash_password, is_outdated, matches
from unabridged.errors import ArchiveError

GOOD = "correct horse battery"


def test_a_password_matches_its_own_hash_only() -> None:
    stored = hash_password(GOOD)
    assert stored.startswith("$argon2id$") and GOOD not in stored
    assert matches(GOOD, stored) and not matches(GOOD + " ", stored)
    assert hash_password(GOOD) != stored, "each hash has a salt"
    assert not is_outdated(stored)


def test_letters_match_however_a_keyboard_writes_them() -> None:
    assert matches("cafe\u0301 au lait", hash_password("café au lait"))


@pytest.mark.parametrize("password", ["", "short", "x" * 1025])
def test_a_short_or_endless_password_is_refused(password: str) -> None:
    with pytest.raises(ArchiveError, match="characters"):
        hash_password(password)


def test_nobody_has_a_password_and_it_is_computed_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []
    hasher = passwords._HASHER

    class Noting:
        def verify(self, stored: str, password: str) -> bool:
            verified.append(stored)
            return hasher.verify(stored, password)

        hash = staticmethod(hasher.hash)

    monkeypatch.setattr(passwords, "_HASHER", Noting())
    assert not matches("the password of nobody", None)
    assert not matches("anything", "no hash at all")
    assert len(verified) == 2


def test_half_a_surrogate_pair_is_a_sign_like_any_other() -> None:
    assert matches("long enough \ud800", hash_password("long enough \ud800"))


def test_the_program_hashes_with_the_effort_that_the_rfc_recommends() -> None:
    """RFC 9106, section 4, second choice: 64 MiB, three passes, four lanes."""
    code = "from unabridged.archive.accounts import passwords; print(passwords.hash_password('long enough'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "$m=65536,t=3,p=4$" in done.stdout
