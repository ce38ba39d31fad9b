"""API tokens of a user."""

from datetime import datetime

from unabridged.archive.library import api_tokens
from unabridged.archive.records.library import NewToken, Token, TokenScope
from unabridged.archive.storage.engine import Database


class Tokens:
    """API tokens of one user: `archive.library(user).tokens`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(self, name: str, scope: TokenScope = "write", *, now: datetime) -> NewToken:
        """Make a token for a program. Only the returned record has its secret. Raises ArchiveError."""
        return self._db.writing(lambda conn: api_tokens.create(conn, self._user, name, scope, now))

    def all(self) -> tuple[Token, ...]:
        """Return the tokens, oldest first."""
        with self._db.reading() as conn:
            return api_tokens.list_tokens(conn, self._user)

    def remove(self, token_id: int) -> None:
        """Revoke a token. Raises NotFound."""
        self._db.writing(lambda conn: api_tokens.remove(conn, self._user, token_id))
