"""What people do in an archive, as part of its facade: tags, tokens, mute rules, erasing, pictures."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection

from unabridged.archive.articles import deletion, images
from unabridged.archive.articles import mute_rules as muting
from unabridged.archive.articles import reextraction as replays
from unabridged.archive.articles.permissions import check_article
from unabridged.archive.articles.versions import no_article
from unabridged.archive.facade.maintenance import Keeping
from unabridged.archive.feeds import subscriptions
from unabridged.archive.library import api_tokens as tokens
from unabridged.archive.library import tags
from unabridged.archive.records.core import OWNER, Subscription
from unabridged.archive.records.library import (
    KeptImage,
    MuteField,
    MuteKind,
    MuteRule,
    NewToken,
    PendingImage,
    Replay,
    ReplayChange,
    ReplaySource,
    Tag,
    Token,
    TokenScope,
    Undone,
    User,
)
from unabridged.archive.search_index.writer import owe_merge
from unabridged.errors import ArchiveError


class Library(Keeping):
    """The part of `Archive` that is about people's own things; every call is for one user."""

    # Users and tokens

    def add_user(self, name: str, *, now: datetime) -> int:
        """Make a user; returns their number. Raises ArchiveError for a name that is taken or unfit."""
        return self._db.writing(lambda conn: tokens.add_user(conn, name, now))

    def users(self) -> tuple[User, ...]:
        """Everybody who reads, the owner first."""
        with self._db.reading() as conn:
            return tokens.every_user(conn)

    def add_token(
        self, name: str, scope: TokenScope = "write", *, now: datetime, user: int = OWNER
    ) -> NewToken:
        """Make a token for a program. Its secret is in the answer and nowhere else. Raises ArchiveError."""
        return self._db.writing(lambda conn: tokens.make(conn, user, name, scope, now))

    def tokens(self, *, user: int = OWNER) -> tuple[Token, ...]:
        """A user's tokens, oldest first."""
        with self._db.reading() as conn:
            return tokens.every_token(conn, user)

    def remove_token(self, token_id: int, *, user: int = OWNER) -> None:
        """Revoke a token; it lets nobody in from now on. Raises NotFound."""
        self._db.writing(lambda conn: tokens.remove(conn, user, token_id))

    def token_of(self, *, secret: str | None = None, fever: str | None = None, now: datetime) -> Token | None:
        """The token that a program presented, as it is or as a Fever key; None for one that is not known."""
        with self._db.reading() as conn:
            found = tokens.find(conn, secret=secret, fever=fever)
        if found is not None and tokens.is_stale(found, now):
            number = found.id
            self._db.writing(lambda conn: tokens.touch(conn, number, now))
        return found

    # Tags

    def tag(
        self, article_ids: Iterable[int], names: Iterable[str], *, now: datetime, user: int = OWNER
    ) -> int:
        """Put tags on articles; numbers that were not delivered to the user are skipped.

        Returns how many articles there were. Raises ArchiveError for an unfit name.
        """
        numbers, wanted = tuple(article_ids), tuple(names)
        return self._db.writing(lambda conn: tags.add(conn, user, numbers, wanted, now))

    def untag(
        self, article_ids: Iterable[int], names: Iterable[str], *, now: datetime, user: int = OWNER
    ) -> int:
        """Take tags off articles; a tag that is on nothing any more is gone. Returns how many articles."""
        numbers, wanted = tuple(article_ids), tuple(names)
        return self._db.writing(lambda conn: tags.take_off(conn, user, numbers, wanted, now))

    def tags(self, *, user: int = OWNER) -> tuple[Tag, ...]:
        """A user's tags by name, with how many articles they are on."""
        with self._db.reading() as conn:
            return tags.every_tag(conn, user)

    def tags_of(self, article_ids: Iterable[int], *, user: int = OWNER) -> dict[int, tuple[str, ...]]:
        """Article number -> the user's own tags on it; articles without any are left out."""
        with self._db.reading() as conn:
            return tags.tags_of(conn, user, tuple(article_ids))

    def rename_tag(self, tag_id: int, name: str, *, user: int = OWNER) -> None:
        """Rename a tag; onto the name of another, the two become one. Raises NotFound."""
        self._db.writing(lambda conn: tags.rename(conn, user, tag_id, name))

    def remove_tag(self, tag_id: int, *, user: int = OWNER) -> None:
        """Take a tag off everything. Raises NotFound."""
        self._db.writing(lambda conn: tags.remove(conn, user, tag_id))

    # Mute rules

    def add_mute_rule(
        self,
        field: MuteField,
        pattern: str,
        *,
        kind: MuteKind = "words",
        feed: int | None = None,
        now: datetime,
        user: int = OWNER,
    ) -> MuteRule:
        """Mute articles from now on, and those that are there unread; a rule that exists is returned.

        What is muted is kept, delivered as read, with the reason. Raises ArchiveError (a pattern that
        cannot be used, or matches everything), NotFound (no such subscription of the user's).
        """
        rule = (field, kind, pattern)
        return self._db.writing(lambda conn: muting.add(conn, user, rule, feed, now))

    def mute_rules(self, *, user: int = OWNER) -> tuple[MuteRule, ...]:
        """A user's mute rules, oldest first."""
        with self._db.reading() as conn:
            return muting.every_rule(conn, user)

    def remove_mute_rule(self, rule_id: int, *, user: int = OWNER) -> None:
        """Drop a rule; what it muted stays read and marked. Raises NotFound."""
        self._db.writing(lambda conn: muting.remove(conn, user, rule_id))

    # Erasing

    def delete_article(self, article_id: int, *, now: datetime | None = None, user: int = OWNER) -> None:
        """Erase an article for everybody, with its versions, raw pages, pictures and marks.

        now: a tombstone of that time (hashes of its addresses and ids) keeps polls from bringing it back;
        None: it may come again. Raises NotFound; ArchiveError for anybody but the owner.
        """
        _check_owner(user)

        def work(conn: Connection) -> int:
            owe_merge(conn)
            return deletion.erase_articles(conn, [article_id], now)

        if self._db.writing(work) == 0:
            raise no_article(article_id)
        self.settle()

    def allow_again(self, url: str, *, user: int = OWNER) -> None:
        """Let an erased article come back with the next poll. Raises NotFound where none was erased."""
        _check_owner(user)
        self._db.writing(lambda conn: deletion.allow_again(conn, url))

    def set_retention(self, folder: str, seconds: int | None, *, user: int = OWNER) -> None:
        """Have a folder's articles erased so many seconds after they came; None: never. Raises NotFound."""
        _check_owner(user)
        self._db.writing(lambda conn: deletion.set_retention(conn, user, folder, seconds))

    def expire(self, now: datetime) -> int:
        """Erase what is older than its folders keep; starred and tagged articles stay. Returns how many."""
        with self._db.reading() as conn:
            lets_go = deletion.lets_go(conn)
        erased = 0
        while lets_go and (more := self._db.writing(lambda conn: deletion.expire(conn, now))):
            erased += more
        self.settle()  # also what an erasing that was cut off has left
        return erased

    # Pictures

    def want_images(self, now: datetime, *, everything: bool = False, limit: int = 100) -> int:
        """Note pictures to be kept: of starred articles and pages saved by hand, or of everything.

        Returns of how many articles (at most `limit` at once; 0: all is noted).
        """
        with self._db.reading() as conn:
            numbers = images.unnoted(conn, everything, limit)
        if numbers:
            self._db.writing(lambda conn: images.want_images(conn, numbers, now))
        return len(numbers)

    def want_icons(self, now: datetime, *, limit: int = 100) -> int:
        """Note the icons of subscribed feeds that are not noted yet. Returns how many."""
        with self._db.reading() as conn:
            found = bool(images.without_icon(conn, 1))
        return self._db.writing(lambda conn: images.want_icons(conn, now, limit)) if found else 0

    def claim_images(
        self, now: datetime, limit: int, *, lease: float = 300.0, bucket: int | None = None
    ) -> tuple[PendingImage, ...]:
        """Claim pictures to be fetched; others see them again after `lease` seconds unless saved before.

        bucket: of this part only, in which all pictures of a registrable domain are.
        """
        with self._db.reading() as conn:
            due = images.any_due(conn, now)
        return (
            self._db.writing(lambda conn: images.claim_images(conn, now, limit, lease, bucket)) if due else ()
        )

    def save_image(self, image_id: int, kind: str, body: bytes, *, now: datetime) -> str:
        """Keep a picture's bytes. kind: media type, checked by the caller. Returns their SHA-256 (hex)."""
        return self._db.writing(lambda conn: images.save_image(conn, image_id, kind, body, now))

    def record_image_failure(self, image_id: int, why: str, *, next_try_at: datetime | None) -> None:
        """Write down that a picture could not be got; None: it is not tried again."""
        self._db.writing(lambda conn: images.record_failure(conn, image_id, why, next_try_at))

    def kept_image(self, url: str) -> KeptImage | None:
        """The picture at this address, if it is kept. Raises ArchiveError when it fails its hash."""
        with self._db.reading() as conn:
            return images.kept_image(conn, url)

    def feed_icon(self, feed_id: int) -> KeptImage | None:
        """The icon of a feed or its site, if it is kept."""
        with self._db.reading() as conn:
            return images.feed_icon(conn, feed_id)

    def subscription_page(
        self, first: int, most: int, *, user: int = OWNER
    ) -> tuple[tuple[Subscription, ...], int]:
        """Some of a user's subscriptions by folder and title, from the `first` on, and how many there are."""
        with self._db.reading() as conn:
            return subscriptions.page_of_subscriptions(conn, user, first, most)

    def feed_icons(self) -> dict[int, str]:
        """Feed number -> SHA-256 (hex) of its icon, for those that are kept."""
        with self._db.reading() as conn:
            return images.kept_icons(conn)

    def article_pictures(self, article_id: int, *, user: int = OWNER) -> tuple[tuple[str, str | None], ...]:
        """An article's noted pictures: address, and SHA-256 (hex) of what is kept (None: nothing yet)."""
        with self._db.reading() as conn:
            check_article(conn, user, article_id)
            return images.article_pictures(conn, article_id)

    # Replays

    def replay_sources(
        self,
        *,
        feed: int | None = None,
        since: datetime | None = None,
        batch: int = 100,
        part: tuple[int, int] = (0, 1),
    ) -> Iterator[ReplaySource]:
        """Every article whose current version was made of a page that we hold, in steady memory.

        feed: only those that it showed. since: only pages fetched from then on. part: which part of how
        many.
        """
        after = 0
        while True:
            with self._db.reading() as conn:
                found = replays.sources_after(conn, after, batch, feed, since, part)
            yield from found
            if len(found) < batch:
                return
            after = found[-1].article_id

    def count_replay_sources(self, *, feed: int | None = None, since: datetime | None = None) -> int:
        """How many articles `replay_sources` would give."""
        with self._db.reading() as conn:
            return replays.count_sources(conn, feed, since)

    def begin_replay(self, asked: str, *, now: datetime) -> int:
        """Open a replay, under whose number changes can be taken back. asked: with what options."""
        return self._db.writing(lambda conn: replays.begin(conn, asked, now))

    def apply_replay(self, replay_id: int | None, changes: Sequence[ReplayChange], *, now: datetime) -> int:
        """Save versions made anew in one transaction, each unless its article has changed meanwhile.

        replay_id: None for one made in passing, when a page is looked at again. Returns how many were
        saved. Raises NotFound.
        """
        return self._db.writing(lambda conn: replays.apply(conn, replay_id, changes, now))

    def finish_replay(self, replay_id: int, *, now: datetime) -> None:
        """Close a replay."""
        self._db.writing(lambda conn: replays.finish(conn, replay_id, now))

    def undo_replay(self, replay_id: int, *, now: datetime) -> Undone:
        """Take a replay back: articles stand as before, but for those with newer versions.

        Raises NotFound for an unknown one, and for one taken back already.
        """
        return self._db.writing(lambda conn: replays.undo(conn, replay_id, now))

    def replays(self) -> tuple[Replay, ...]:
        """The replays that were applied, oldest first."""
        with self._db.reading() as conn:
            return replays.every_replay(conn)


def _check_owner(user: int) -> None:
    if user != OWNER:
        raise ArchiveError("Only the owner of the archive can erase what everybody reads.")
