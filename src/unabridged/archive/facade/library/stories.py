"""Readings of a user's articles: near-duplicates, credited sources and stories."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from unabridged.archive.analysis import keys, shared_marks
from unabridged.archive.articles.permissions import check_article
from unabridged.archive.articles.queries import headlines_among
from unabridged.archive.articles.versions import article_not_found
from unabridged.archive.library import folding
from unabridged.archive.records.core import Headline, Query
from unabridged.archive.records.library import FoldedHeadlines, FoldedUnread, Front
from unabridged.archive.records.stories import ArticleReadings, Story, StoryDetails, StoryMark, StoryQuery
from unabridged.archive.records.stories import Stories as StoryPage
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import articles

if TYPE_CHECKING:
    from unabridged.stories.attributions import Attribution


class Stories:
    """Near-duplicates and credited sources of articles, and stories: `library.stories`.

    All are computed within a minute after an article is saved, and again when its text changes.
    """

    def __init__(self, db: Database, user: int) -> None:
        self._db = db
        self._user = user

    def copies(self, article_id: int) -> tuple[Headline, ...]:
        """Return the user's other articles with nearly the same text, the oldest number first.

        Raises NotFound.
        """
        with self._db.reading() as conn:
            self._check(conn, article_id)
            numbers = keys.members(conn, article_id)
            return tuple(headlines_among(conn, Query(), numbers, self._user)) if numbers else ()

    def credits(self, article_id: int) -> "tuple[Attribution, ...]":
        """Return the sources that the newest version of an article credits, in the order of its text.

        Raises NotFound.
        """
        from unabridged.archive.analysis import sources

        with self._db.reading() as conn:
            self._check(conn, article_id)
            return sources.load_attributions(conn, article_id)

    def recent(self, query: StoryQuery | None = None) -> StoryPage:
        """List the stories of which the user has at least two articles, the one with the newest first.

        Raises NotFound for a cursor that is none, and for a feed that the user does not have.
        """
        from unabridged.archive.library import stories

        with self._db.reading() as conn:
            return stories.list_stories(conn, query or StoryQuery(), self._user)

    def get(self, number: int) -> Story:
        """Return a story with the articles of it that the user has; an earlier number leads to it, too.

        `Story.number` is its present number, `Story.changes` its merges and splits. Raises NotFound.
        """
        from unabridged.archive.library import stories

        with self._db.reading() as conn:
            return stories.get_story(conn, number, self._user)

    def current_number(self, number: int) -> int:
        """Return the present number of a story, given one that it has or had. Raises NotFound."""
        from unabridged.archive.library import stories

        with self._db.reading() as conn:
            return stories.current_number(conn, number, self._user)

    def of_article(self, article_id: int) -> int | None:
        """Return the number of the story that an article is in, None if it is in none. Raises NotFound."""
        from unabridged.archive.library import stories

        with self._db.reading() as conn:
            self._check(conn, article_id)
            return stories.story_of_article(conn, article_id, self._user)

    def details(self, number: int) -> StoryDetails:
        """Return a story with what its articles repeat, add and credit, and its timeline.

        The texts are compared for each call: 40 ms for ten articles of 600 words, 0.3 s for sixty, on a busy
        machine. Raises NotFound.
        """
        from unabridged.archive.library import story_details

        with self._db.reading() as conn:
            return story_details.get_details(conn, number, self._user)

    def marks(self, article_ids: Sequence[int]) -> dict[int, StoryMark]:
        """Map articles of the user to their stories; those in none are left out."""
        from unabridged.archive.library import story_marks

        with self._db.reading() as conn:
            return story_marks.story_marks(conn, article_ids, self._user)

    def readings(self, article_ids: Sequence[int]) -> dict[int, ArticleReadings]:
        """Map articles of the user to their story, group of near-duplicates, and credited sources."""
        from unabridged.archive.library import story_marks

        with self._db.reading() as conn:
            return story_marks.article_readings(conn, article_ids, self._user)

    # Folding: of each group of near-duplicates one article in front, in the lists of who wishes that

    def folded_headlines(self, query: Query, front: Front) -> FoldedHeadlines:
        """Return a page of a list without its folded articles, and what is folded under those it has.

        A page may have fewer articles than asked for, although `next` leads on.
        """
        with self._db.reading() as conn:
            return folding.folded_headlines(conn, query, self._user, front)

    def folded_neighbours(self, article_id: int, query: Query, front: Front) -> tuple[int | None, int | None]:
        """Return the next newer and the next older article of a list that are not folded."""
        with self._db.reading() as conn:
            return folding.folded_neighbours(conn, article_id, query, self._user, front)

    def folding(self, query: Query, article_ids: Sequence[int], front: Front) -> dict[int, tuple[int, ...]]:
        """Map articles in front to those that a list folds under them, for some articles of the list."""
        with self._db.reading() as conn:
            return dict(folding.fold_list(conn, query, article_ids, self._user, front).under)

    def folding_among(self, article_ids: Sequence[int], front: Front) -> dict[int, tuple[int, ...]]:
        """Map articles in front to those that are folded under them, where these articles are the list."""
        with self._db.reading() as conn:
            return dict(folding.fold_some(conn, article_ids, self._user, front).under)

    def folded_unread(self) -> FoldedUnread:
        """Count the unread articles that are folded in lists of unread ones."""
        with self._db.reading() as conn:
            return folding.folded_unread(conn, self._user)

    def read_with(self, article_id: int) -> Headline | None:
        """Return the near-duplicate with which an article was marked read; None if it was not, or is gone.

        Raises NotFound.
        """
        with self._db.reading() as conn:
            self._check(conn, article_id)
            other = shared_marks.read_with(conn, self._user, article_id)
            found = [] if other is None else headlines_among(conn, Query(), [other], self._user)
            return next(iter(found), None)

    def _check(self, conn: Connection, article_id: int) -> None:
        """Raise NotFound unless the user has the article."""
        check_article(conn, self._user, article_id)
        if conn.execute(select(articles.c.id).where(articles.c.id == article_id)).first() is None:
            raise article_not_found(article_id)
