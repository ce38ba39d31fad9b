"""API tokens: the secret is nowhere, and each has a name and a scope."""

from pathlib import Path

import pytest

from tests.archive.sample_feeds import NOW
from unabridged.archive import Archive
from unabridged.archive.library.api_tokens import fever_key
from unabridged.errors import ArchiveError, NotFound

# Tokens


def test_a_tokens_secret_is_nowhere_in_the_archive(archive: Archive, dsn: str) -> None:
    made = archive.library().tokens.add("phone", "read", now=NOW)
    assert len(made.secret) > 40
    [token] = archive.library().tokens.all()
    assert (token.user, token.scope, token.name, token.last_used) == (1, "read", "phone", None)
    if dsn.startswith("sqlite"):
        path = Path(dsn.removeprefix("sqlite:///"))
        data = b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
        assert made.secret.encode() not in data
        assert fever_key("owner", made.secret).encode() not in data


def test_a_removed_token_is_gone(archive: Archive) -> None:
    made, other = (archive.library().tokens.add(name, now=NOW) for name in ("phone", "desk"))
    archive.library().tokens.remove(made.token.id)
    assert archive.library().tokens.all() == (other.token,)


def test_a_token_needs_a_name_and_a_scope_there_is(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="needs a name"):
        archive.library().tokens.add(" ", now=NOW)
    with pytest.raises(ArchiveError, match="no scope"):
        archive.library().tokens.add("phone", "everything", now=NOW)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        archive.library(7).tokens.add("phone", now=NOW)
