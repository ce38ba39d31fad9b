"""Archives of earlier schemas, with rows, are upgraded to the current one."""

from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

from tests.archive.articles.duplicate_feeds import PLAIN, SHORT, feeds, numbers, story
from tests.archive.sample_feeds import HOUR, LONG, NOW, a_page, an_article, an_entry, save
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive, Query
from unabridged.archive.records.accounts import Device
from unabridged.archive.records.changes import ChangeQuery
from unabridged.archive.records.core import Failure
from unabridged.archive.records.encoding import encode
from unabridged.archive.records.library import ReplayChange
from unabridged.archive.storage.codec import compress, content_hash
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.identity import bucket_of
from unabridged.config import FeedSettings
from unabridged.model import Article

ROWS = (
    "INSERT INTO users (id, name, created) VALUES (1, 'owner', 0)",
    "INSERT INTO counters (name, value) VALUES ('items', 1)",
    "INSERT INTO feeds (id, url, url_hash, title, description, hubs, status, bucket, added, failures)"
    " VALUES (1, 'https://news.example/feed', :key, 'News', '', '[]', 'active', 1, 0, 0)",
    "INSERT INTO folders (id, user_id, name) VALUES (1, 1, 'Daily')",
    "INSERT INTO subscriptions (user_id, feed_id, folder_id, added) VALUES (1, 1, 1, 0)",
    "INSERT INTO sources (id, slug, title, feed_id, last_number) VALUES (1, 'news', 'News', 1, 0)",
    "INSERT INTO articles (id, url, title, summary, authors, words, sort_at, first_seen, revision, feed_id,"
    " source_id, page_state, page_attempts)"
    " VALUES (1, 'https://news.example/1', 'A title', '', '[]', 2, 0, 0, 0, 1, 1, 'read', 0)",
    "INSERT INTO revisions (article_id, number, source, saved, content_hash, record, title, words,"
    " completeness, reason) VALUES (1, 0, 'feed', 0, :hash, :record, 'A title', 2, 'full', '')",
    "INSERT INTO items (id, user_id, article_id, sort_at, delivered, read, starred)"
    " VALUES (1, 1, 1, 0, 0, false, true)",
    "INSERT INTO sightings (feed_id, article_id, sort_at, seen, url) VALUES (1, 1, 0, 0, '')",
)


def old_archive(dsn: str, version: str) -> None:
    """Make an archive of an earlier schema with one article in it."""
    encoded = encode(Article(url="https://news.example/1", title="A title", text="Two words"))
    values = {"key": b"k", "hash": content_hash(encoded), "record": compress(encoded)}
    database = Database(dsn)
    with database._writer.connect() as conn, conn.begin():
        config = Config()
        config.set_main_option("script_location", "unabridged.archive:migrations")
        config.attributes["connection"] = conn
        command.upgrade(config, version)
        for row in ROWS:
            conn.execute(text(row), {name: value for name, value in values.items() if f":{name}" in row})
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.db'}"
    address: str = request.getfixturevalue("postgresql")
    name = f"old_{abs(hash(tmp_path))}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{address}/{name}"


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_an_archive_of_an_earlier_schema_keeps_what_is_in_it(bare: str, version: str) -> None:
    old_archive(bare, version)
    with Archive(bare) as archive:
        [article] = archive.library().articles.page(Query(starred=True)).articles
        assert (article.article.title, article.item_id, article.starred) == ("A title", 1, True)
        [folder] = archive.library().subscriptions.folders()
        assert (folder.name, folder.feeds, folder.unread) == ("Daily", 1, 1)
        archive.library().articles.request_page(1, now=NOW)
        assert archive.schedule.due_buckets(NOW).pages == {bucket_of("https://news.example/1")}


WITHOUT_KEPT_FOLDERS = (
    "ALTER TABLE folders DROP COLUMN kept",
    "DROP INDEX ix_revisions_saved_article_id",
)
"""SQL that removes the column and the index of the schema 0021."""

WITHOUT_CHANGES = (
    "DROP INDEX ix_revisions_edits",
    "DROP INDEX ix_observations_changes",
    "ALTER TABLE revisions DROP COLUMN origin",
    "ALTER TABLE observations DROP COLUMN change",
)
"""SQL that removes the columns and indexes of the schema 0022."""

WITHOUT_FEED_OPTIONS = (
    "ALTER TABLE feeds DROP COLUMN poll_interval",
    "ALTER TABLE feeds DROP COLUMN full_text",
    "DROP TABLE site_rules",
    "DROP TABLE merged_feeds",
)
"""SQL that removes the columns and tables of the schema 0017."""

WITHOUT_POSITIONS = (
    "DROP TABLE positions",
    "DROP INDEX ix_users_name_key",
    "ALTER TABLE users DROP COLUMN name_key",
    "ALTER TABLE passkeys DROP COLUMN handle",
)
"""SQL that removes the table and the columns of the schema 0018."""

WITHOUT_RULES = (
    *WITHOUT_FEED_OPTIONS,
    *(f"DROP TABLE {name}" for name in ("search_items", "saved_searches", "rule_passes", "rules")),
    "CREATE TABLE mute_rules (id INTEGER PRIMARY KEY, user_id BIGINT, feed_id BIGINT, field TEXT,"
    " kind TEXT, pattern TEXT, created BIGINT)",
)
"""SQL that replaces the tables of the schema 0016 by the one before them."""

WITHOUT_SHARES = ("DROP TABLE shares", "DROP TABLE highlights")
"""SQL that removes the tables of the schema 0014."""

WITHOUT_ACCOUNTS = (
    *WITHOUT_POSITIONS,
    *WITHOUT_RULES,
    "DROP TABLE preferences",  # of the schema 0015
    *WITHOUT_SHARES,
    *(
        f"DROP TABLE {name}"
        for name in ("sessions", "invitations", "login_failures", "passkeys", "identities")
    ),
    *(f"ALTER TABLE users DROP COLUMN {name}" for name in ("role", "password_hash")),
)
"""SQL that removes the tables and columns of the schema 0013."""

WITHOUT_EDITS = (
    *WITHOUT_ACCOUNTS,
    "ALTER TABLE articles DROP COLUMN edits",
    "ALTER TABLE articles DROP COLUMN edited",
    "ALTER TABLE revisions DROP COLUMN edit",
)
"""SQL that removes the columns of the schema 0012."""

JOINED_BEFORE = (
    "UPDATE entries SET article_id = :kept WHERE article_id = :joined",
    "UPDATE addresses SET article_id = :kept WHERE article_id = :joined",
    "INSERT INTO sightings (feed_id, article_id, sort_at, seen, url)"
    " SELECT feed_id, :kept, sort_at, seen, url FROM sightings WHERE article_id = :joined",
    "INSERT INTO observations (article_id, at, kind, reason, url)"
    " VALUES (:joined, 7, 'same', 'it is the same article as number ' || CAST(:said AS TEXT) ||"
    " ', https://x.example/', 'https://x.example/')",
    "UPDATE items SET muted = 'it is the same article as number 1', read = true"
    " WHERE article_id = :joined AND NOT starred",
    "DROP INDEX ix_articles_same_as",
    "ALTER TABLE articles DROP COLUMN same_as",
    *WITHOUT_EDITS,
    "UPDATE alembic_version SET version_num = '0007'",
)
"""SQL that marks a duplicate as it was before its column existed, and removes the column."""


def take_back(dsn: str, *statements: str, **values: int) -> None:
    """Make the schema of an archive an earlier one. statements: SQL; values: of its parameters."""
    database = Database(dsn)
    with database._writer.connect() as conn, conn.begin():
        conn.execute(text("DROP TABLE dead_letters"))  # of the schema 0030
        conn.execute(text("DROP TABLE channels"))
        conn.execute(text("DROP TABLE events"))  # of the schema 0029
        conn.execute(text("DELETE FROM counters WHERE name = 'events'"))
        conn.execute(text("ALTER TABLE items DROP COLUMN read_with"))  # of the schema 0028
        for name in ("stories", "story_articles", "story_keys", "term_counts", "story_changes"):  # of 0027
            conn.execute(text(f"DROP TABLE {name}"))
        for name in ("analysis_queue", "article_analyses", "copy_keys", "attributions"):  # of the schema 0026
            conn.execute(text(f"DROP TABLE {name}"))
        conn.execute(text("DROP TABLE page_versions"))  # of the schema 0025
        conn.execute(text("DROP TABLE page_lists"))
        conn.execute(text("DROP TABLE site_profiles"))  # of the schema 0024
        conn.execute(text("DROP TABLE hub_subscribers"))  # of the schema 0023
        conn.execute(text("DROP INDEX ix_items_user_id_read_id"))  # of the schema 0020
        for statement in (*WITHOUT_CHANGES, *WITHOUT_KEPT_FOLDERS):
            conn.execute(text(statement))
        if database.on_sqlite:  # of the schema 0019
            triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'unread%'"
            for name in conn.execute(text(triggers)).scalars().all():
                conn.execute(text(f"DROP TRIGGER {name}"))
            conn.execute(text("DROP TABLE unread_counts"))
        for statement in statements:
            named = {name: value for name, value in values.items() if f":{name}" in statement}
            conn.execute(text(statement), named)
    database.close()


def join_as_before(dsn: str, kept: int, joined: int, said: int) -> None:
    take_back(dsn, *JOINED_BEFORE, kept=kept, joined=joined, said=said)


def two_read(bare: str) -> tuple[int, int]:
    with Archive(bare) as archive:
        feeds(archive)
        kept, joined = numbers(archive)
        for number, url in ((kept, PLAIN), (joined, SHORT)):
            archive.ingest.save_page(number, story(url), a_page(url, url.encode()), now=NOW)
        ann = add_user(archive, "ann")
        archive.library(ann).subscriptions.add("https://feed1.example/", now=NOW)
        archive.library().marks.set_starred([joined], True, now=NOW)
        archive.library().tags.add([joined], ["sea"], now=NOW)
        assert len(archive.library().search.ids("town").article_ids) == 2
    return kept, joined


def test_articles_that_were_joined_before_are_one_after_the_upgrade(bare: str) -> None:
    kept, joined = two_read(bare)
    join_as_before(bare, kept, joined, kept)
    with Archive(bare) as archive:
        assert archive.library().articles.get(joined).same_as == kept
        assert [one.id for one in archive.library().articles.headlines(Query(starred=True)).headlines] == [
            kept
        ]
        assert archive.library().tags.by_article([kept]) == {kept: ("sea",)}
        assert archive.library().search.ids("town").article_ids == (kept,)
        assert archive.library().counts().articles == 1
        assert archive.maintenance.verify().problems == ()
        archive.library().articles.delete(joined)
        assert archive.library().counts().revisions == 0


def test_what_was_joined_to_an_article_that_was_erased_since_stays_an_article(bare: str) -> None:
    kept, joined = two_read(bare)
    join_as_before(bare, kept, joined, 99)
    with Archive(bare) as archive:
        assert {one.id for one in archive.library().articles.headlines(Query()).headlines} == {kept, joined}
        assert archive.maintenance.verify().problems == ()


def test_a_login_from_before_belongs_to_the_origin_of_its_feeds_present_address(bare: str) -> None:
    urls = ("https://News.example:443/feed", "http://plain.example:8080/feed", "https://open.example/feed")
    ada = FeedSettings(username="ada", password="hunter2")
    wanted = (ada, FeedSettings(headers=(("X-Token", "t"),)), FeedSettings(user_agent="Mine/1"))
    with Archive(bare) as archive:
        numbers_of = [archive.library().subscriptions.add(url, now=NOW).feed.id for url in urls]
        for number, own in zip(numbers_of, wanted, strict=True):
            archive.feeds.set_settings(number, own, now=NOW)
    take_back(
        bare,
        "ALTER TABLE feed_settings DROP COLUMN origin",
        *WITHOUT_EDITS,
        "UPDATE alembic_version SET version_num = '0008'",
    )
    with Archive(bare) as archive:
        after = [archive.feeds.settings(number) for number in numbers_of]
        assert [one.login_origin for one in archive.library().subscriptions.all()] == [None] * 3
    assert [one.origin for one in after] == ["https://news.example", "http://plain.example:8080", None]
    assert [one.bound_to(None) for one in after] == list(wanted)


def test_edits_saved_before_they_were_marked_are_marked_by_the_upgrade(bare: str) -> None:
    url = "https://news.example/1"
    with Archive(bare) as archive:
        feed = archive.library().subscriptions.add("https://news.example/feed", now=NOW).feed
        [number] = save(archive, feed.id, an_entry(1)).new
        [other] = save(archive, feed.id, an_entry(2)).new
        for hours, word in enumerate(("town", "city", "village")):
            at = NOW + hours * HOUR
            article = an_article(url, "Story 1", LONG.replace("town", word))
            archive.ingest.save_page(number, article, a_page(url, word.encode(), at), now=at)
        replayed = an_article(url, "Story 1", LONG.replace("town", "hamlet"))
        change = ReplayChange(article_id=number, base=3, article=replayed, reason="12 words")
        archive.reextraction.apply(None, [change], now=NOW + 5 * HOUR)
        before = archive.library().articles.revisions(number), archive.library().articles.get(number)
        assert [line.edit for line in before[0]] == [False, False, True, True, False]
    take_back(bare, *WITHOUT_EDITS, "UPDATE alembic_version SET version_num = '0011'")
    with Archive(bare) as archive:
        assert archive.library().articles.revisions(number) == before[0]
        assert archive.library().articles.get(number) == before[1]
        assert archive.library().articles.get(other).edits == 0


def test_the_owner_of_an_earlier_archive_is_its_administrator(bare: str) -> None:
    with Archive(bare) as archive:
        archive.library().subscriptions.add("https://news.example/feed", now=NOW)
    take_back(bare, *WITHOUT_ACCOUNTS, "UPDATE alembic_version SET version_num = '0012'")
    with Archive(bare) as archive:
        [owner] = archive.accounts.all()
        assert (owner.name, owner.role, owner.has_password) == ("owner", "admin", False)
        secret = archive.accounts.invite_owner(now=NOW)
        archive.accounts.accept(secret, "Ada", "correct horse battery", Device(), now=NOW)
        assert archive.accounts.is_claimed()


def test_names_of_an_earlier_archive_are_found_in_any_case_after_the_upgrade(bare: str) -> None:
    with Archive(bare) as archive:
        number = archive.accounts.add("Ștefan Großmann", now=NOW).id
    take_back(bare, *WITHOUT_POSITIONS, "UPDATE alembic_version SET version_num = '0017'")
    with Archive(bare) as archive:
        assert archive.accounts.find("ștefan GROSSMANN").id == number
        assert archive.accounts.find("OWNER").id == 1


FORMER_RULES = {
    ("title", "words", "world cup"): 'title:"world cup"',
    ("author", "words", "Ada Quill"): 'author:"Ada Quill"',
    ("tag", "words", "世界杯"): 'tag:"世界杯"',
    ("text", "words", "who's there"): '"who\'s there"',
    ("url", "words", "/sport/"): r"url:/\/sport\//",
    ("url", "words", "sport"): r"url:/(?:^|[^\pL\pN])sport(?:$|[^\pL\pN])/",
    ("title", "words", "c++"): r"title:/(?:^|[^\pL\pN])c\+\+/",
    ("title", "words", "(ad)  (2)"): r"title:/\(ad\)\s+\(2\)/",
    ("title", "regex", r"^(live|a/b|c\/d):"): r"title:/^(live|a\/b|c\/d):/",
}
"""Field, kind and pattern of a former mute rule -> its query."""


def test_former_mute_rules_become_rules_that_set_the_same_aside(bare: str) -> None:
    with Archive(bare) as archive:
        feed = archive.library().subscriptions.add("https://news.example/feed", now=NOW).feed
    take_back(bare, *WITHOUT_POSITIONS, *WITHOUT_RULES, "UPDATE alembic_version SET version_num = '0015'")
    database = Database(bare)
    with database._writer.connect() as conn, conn.begin():
        row = "INSERT INTO mute_rules VALUES (:id, 1, :feed, :field, :kind, :pattern, 5)"
        for number, (field, kind, pattern) in enumerate(FORMER_RULES, start=1):
            feed_id = feed.id if number == 1 else None
            given = {"id": number, "feed": feed_id, "field": field, "kind": kind, "pattern": pattern}
            conn.execute(text(row), given)
    database.close()
    with Archive(bare) as archive:
        rules = archive.library().rules.all()
        assert [rule.query for rule in rules] == list(FORMER_RULES.values())
        assert {rule.action for rule in rules} == {"mute"}
        assert [rule.feed_id for rule in rules] == [feed.id] + [None] * (len(rules) - 1)
        for rule in rules:
            archive.library().rules.change(rule.id, rule, now=NOW)  # which checks its query
        entries = [
            an_entry(number, title=title)
            for number, title in enumerate(
                ("World Cup", "Live: it", "Learn C++ now", "An (ad) (2)", "Cupboard")
            )
        ]
        save(archive, feed.id, *entries)
        muted = archive.library().articles.headlines(Query(muted=True)).headlines
        assert {line.title for line in muted} == {"World Cup", "Live: it", "Learn C++ now", "An (ad) (2)"}


def test_unread_articles_of_an_earlier_archive_are_counted(bare: str) -> None:
    old_archive(bare, "0015")
    with Archive(bare) as archive:
        assert archive.library().mark_counts().unread == 1
        assert [one.unread for one in archive.library().subscriptions.all()] == [1]
        archive.library().marks.set_read([1], True, now=NOW)
        assert archive.library().mark_counts().unread == 0
        assert all(one.kind == "search" for one in archive.maintenance.verify().problems)


def test_pages_that_went_and_came_back_before_it_was_marked_are_changes_after_the_upgrade(bare: str) -> None:
    url, gone = "https://news.example/1", Failure(kind="taken-down", message="It is gone.")
    with Archive(bare) as archive:
        feed = archive.library().subscriptions.add("https://news.example/feed", now=NOW).feed
        [number] = save(archive, feed.id, an_entry(1)).new
        [still] = save(archive, feed.id, an_entry(2)).new
        for one in (number, still):
            link = f"https://news.example/{1 if one == number else 2}"
            archive.ingest.save_page(one, an_article(link, "Story 1", LONG), a_page(link), now=NOW)
            for hours, status in ((1, 410), (2, 404), (3, 500), (4, 410)):
                archive.ingest.record_page_failure(
                    one,
                    gone,
                    now=NOW + hours * HOUR,
                    next_try_at=None,
                    status=status,
                    taken_down=status < 500,
                )
        archive.ingest.record_page_unchanged(number, now=NOW + 5 * HOUR, next_check_at=None)
        archive.ingest.record_page_unchanged(number, now=NOW + 6 * HOUR, next_check_at=None)
        edited = an_article(url, "Story 1", LONG.replace("town", "city"))
        archive.ingest.save_page(number, edited, a_page(url, b"2"), now=NOW + 7 * HOUR)
        before = archive.library().articles.changes(ChangeQuery())
        assert sorted(one.kind for one in before.changes) == [
            "edited",
            "restored",
            "taken_down",
            "taken_down",
        ]
    take_back(bare, "UPDATE alembic_version SET version_num = '0018'")
    with Archive(bare) as archive:
        assert archive.library().articles.changes(ChangeQuery()) == before
