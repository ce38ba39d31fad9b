"""Library of one user: everything in an archive that belongs to one person, in parts."""

from unabridged.archive.articles import queries
from unabridged.archive.facade.events.channels import Channels
from unabridged.archive.facade.library.articles import LibraryArticles
from unabridged.archive.facade.library.health import Events, Health
from unabridged.archive.facade.library.highlights import Highlights
from unabridged.archive.facade.library.imports import Imports
from unabridged.archive.facade.library.items import Items
from unabridged.archive.facade.library.marks import Marks, Positions, Tags
from unabridged.archive.facade.library.preferences import Preferences
from unabridged.archive.facade.library.rules import Rules
from unabridged.archive.facade.library.search import Search
from unabridged.archive.facade.library.searches import SavedSearches
from unabridged.archive.facade.library.shares import Shares
from unabridged.archive.facade.library.stories import Stories
from unabridged.archive.facade.library.subscriptions import Subscriptions
from unabridged.archive.facade.library.tokens import Tokens
from unabridged.archive.library import mark_counts
from unabridged.archive.records.core import Counts, MarkCounts
from unabridged.archive.storage.engine import Database


class Library:
    """Data of one user, by subject: `archive.library(user)`."""

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user
        self.subscriptions = Subscriptions(db, user)
        self.events = Events(db, user)
        self.channels = Channels(db, user)
        self.health = Health(db, user)
        self.articles = LibraryArticles(db, user)
        self.items = Items(db, user)
        self.imports = Imports(db, user)
        self.marks = Marks(db, user)
        self.tags = Tags(db, user)
        self.search = Search(db, user)
        self.searches = SavedSearches(db, user)
        self.rules = Rules(db, user)
        self.tokens = Tokens(db, user)
        self.preferences = Preferences(db, user)
        self.shares = Shares(db, user)
        self.highlights = Highlights(db, user)
        self.positions = Positions(db, user)
        self.stories = Stories(db, user)

    def mark_counts(self) -> MarkCounts:
        """Count unread and starred articles and feeds: what every page of a reader shows."""
        with self._db.reading() as conn:
            return mark_counts.count_marks(conn, self._user)

    def counts(self) -> Counts:
        """Count articles, unread and starred ones, feeds, versions, stored pages and pages to fetch."""
        with self._db.reading() as conn:
            return queries.count_all(conn, self._user)
