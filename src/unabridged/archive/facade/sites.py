"""Sites of an archive: what was learnt about their pages."""

from collections.abc import Sequence
from datetime import datetime

from unabridged.archive.feeds import site_profiles
from unabridged.archive.records.sites import HeldPage, SiteNews, StoredProfile
from unabridged.archive.storage.engine import Database


class Sites:
    """Profiles of sites by host, for all feeds and people: `archive.sites`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def profile(self, site: str) -> StoredProfile | None:
        """Return a site's profile, None if nothing is known about it."""
        with self._db.reading() as conn:
            return site_profiles.load_profile(conn, site)

    def profiles(self) -> tuple[StoredProfile, ...]:
        """Return all profiles, by site."""
        with self._db.reading() as conn:
            return site_profiles.list_profiles(conn)

    def alarms(self) -> tuple[StoredProfile, ...]:
        """Return the profiles that are suspect, or were, by site."""
        with self._db.reading() as conn:
            return site_profiles.list_profiles(conn, alarming=True)

    def counts(self) -> tuple[int, int]:
        """Return the number of sites with a profile, and of those with an alarm."""
        with self._db.reading() as conn:
            return site_profiles.count_profiles(conn)

    def feeds(self, site: str) -> tuple[int, ...]:
        """Return the numbers of the feeds that show the newest articles of a site."""
        with self._db.reading() as conn:
            return site_profiles.feeds_of(conn, site)

    def record(self, news: Sequence[SiteNews], *, now: datetime) -> None:
        """Count pages that were read, and store what they gave. A new alarm makes its site due."""
        self._db.writing(lambda conn: site_profiles.record_news(conn, news, now))

    def claim_due(self, now: datetime, most: int) -> tuple[StoredProfile, ...]:
        """Claim sites that are due to be learnt, for ten minutes."""
        return self._db.writing(lambda conn: site_profiles.claim_due(conn, now, most))

    def newest_pages(self, site: str, most: int, *, since: datetime | None = None) -> Sequence[HeldPage]:
        """Return the newest raw pages of a site, one for each address. since: only those fetched from then
        on."""
        with self._db.reading() as conn:
            return site_profiles.newest_pages(conn, site, most, since)

    def save_learnt(
        self, site: str, body: str, *, watch: str = "", learn_at: int | None, again: datetime, now: datetime
    ) -> None:
        """Store what was learnt about a site, which ends its alarm, or "" for nothing; a pinned one stays.

        watch: what it begins with after an alarm. learn_at: pages at which it is learnt next, None for no
        such number. again: the time at which it is learnt again if it has new pages then.
        """
        self._db.writing(
            lambda conn: site_profiles.save_learnt(
                conn, site, body, watch=watch, learn_at=learn_at, again=again, now=now
            )
        )

    def write(self, site: str, body: str, *, now: datetime) -> None:
        """Store a profile that a person wrote, pinned. Raises InvalidValue for one that is too long."""
        self._db.writing(lambda conn: site_profiles.write_profile(conn, site, body, now))

    def pin(self, site: str, *, pinned: bool = True) -> None:
        """Keep a profile as it is, or let it be learnt again. Raises NotFound."""
        self._db.writing(lambda conn: site_profiles.pin_profile(conn, site, pinned=pinned))

    def forget(self, site: str) -> None:
        """Delete what is known about a site; its next pages teach it again. Raises NotFound."""
        self._db.writing(lambda conn: site_profiles.forget_profile(conn, site))
