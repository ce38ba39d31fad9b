"""Saved searches of a user."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from unabridged.archive.articles import queries
from unabridged.archive.library.mark_counts import unread_in_searches
from unabridged.archive.records.core import Query
from unabridged.archive.records.query_tree import SearchScope
from unabridged.archive.records.rules import SavedSearch, SearchDraft
from unabridged.archive.rules import saved_searches
from unabridged.archive.storage.engine import Database
from unabridged.errors import BadQuery


class SavedSearches:
    """Saved searches of one user: `archive.library(user).searches`.

    Each is a list of articles: `Query(search=archive.library(user).searches.scope(number, now=now))`.
    """

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def add(self, name: str, query: str, *, unread_only: bool = False, now: datetime) -> SavedSearch:
        """Save a search. The newest 1,000 articles are in it at once, `archive.filing` adds the others.

        Raises BadQuery, InvalidValue (a name too long, too many searches).
        """
        draft = SearchDraft(name=name, query=query, unread_only=unread_only)
        return self._db.writing(lambda conn: saved_searches.add(conn, self._user, draft, now))

    def change(
        self, search_id: int, name: str, query: str, *, unread_only: bool = False, now: datetime
    ) -> SavedSearch:
        """Change the name, the query and what is shown at first. Raises NotFound, and as `add`."""
        draft = SearchDraft(name=name, query=query, unread_only=unread_only)
        return self._db.writing(lambda conn: saved_searches.change(conn, self._user, search_id, draft, now))

    def remove(self, search_id: int) -> None:
        """Delete a saved search; its articles stay. Raises NotFound."""
        self._db.writing(lambda conn: saved_searches.remove(conn, self._user, search_id))

    def get(self, search_id: int) -> SavedSearch:
        """Return one saved search. Raises NotFound."""
        with self._db.reading() as conn:
            return saved_searches.get(conn, self._user, search_id)

    def all(self) -> tuple[SavedSearch, ...]:
        """Return the saved searches by name, without counts."""
        with self._db.reading() as conn:
            return saved_searches.list_searches(conn, self._user)

    def scope(self, search_id: int, *, now: datetime) -> SearchScope:
        """Return a saved search as the condition of a list. Raises NotFound, BadQuery."""
        return saved_searches.scope_of(self.get(search_id), now)

    def with_unread(self, given: Iterable[SavedSearch], *, now: datetime) -> tuple[SavedSearch, ...]:
        """Return searches with their unread articles counted: work that grows with the unread articles."""
        with self._db.reading() as conn:
            counts = unread_in_searches(conn, self._user)
            found = []
            for one in given:
                unread = counts.get(one.id, 0)
                try:
                    scope = saved_searches.scope_of(one, now)
                except BadQuery:  # of an earlier version of the language
                    scope = SearchScope(id=one.id)
                if scope.passing is not None:
                    unread = queries.count_listed(conn, Query(search=scope, unread=True), self._user)
                found.append(replace(one, unread=unread))
        return tuple(found)
