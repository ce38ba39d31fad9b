"""Creation and upgrade of the schema, in one transaction."""

from sqlalchemy import Connection, insert, inspect, select, text

from unabridged.archive.analysis import queue
from unabridged.archive.articles.duplicates import merge_recorded_duplicates
from unabridged.archive.migrations.row_repair import repair
from unabridged.archive.records.core import OWNER
from unabridged.archive.search_index import tokenizer
from unabridged.archive.search_index.writer import is_stale, set_state, start_over
from unabridged.archive.storage.engine import Database
from unabridged.archive.storage.tables import EPOCH, HEAD, counters, users
from unabridged.archive.storage.tables_search import ANALYSIS
from unabridged.errors import NotAnArchive, SchemaTooNew, SchemaTooOld

_OUR_TABLES = frozenset({"alembic_version", "articles", "revisions", "sightings"})
_MIGRATION_LOCK = 0x556E6162


def prepare(db: Database) -> None:
    """Create the schema, or upgrade it. Raises NotAnArchive, SchemaTooNew."""
    with db.reading() as conn:
        current = _version(conn, db.where)
        stale = current == HEAD and is_stale(conn)
        analyses_stale = current == HEAD and queue.is_stale(conn)
    if current != HEAD:
        db.writing(lambda conn: _upgrade(conn, db.where))
    elif stale:
        db.writing(start_over)
    if analyses_stale:
        db.writing(queue.start_over)
    db.restrict_to_owner()


def check(db: Database) -> None:
    """Raise SchemaTooOld or SchemaTooNew unless the schema is current; change nothing."""
    with db.reading() as conn:
        current = _version(conn, db.where)
    if current is None or current < HEAD:
        raise SchemaTooOld(
            f"The archive in {db.where} has an old schema ({current or 'none'}, this program needs {HEAD}). "
            "Run `unabridged upgrade` once, then start again."
        )
    if current > HEAD:
        raise too_new(db.where, current)


def check_archive(dsn: str) -> None:
    """Run `check` on an archive that is not open."""
    db = Database(dsn)
    try:
        check(db)
    finally:
        db.close()


def too_new(where: str, current: str) -> SchemaTooNew:
    return SchemaTooNew(
        f"{where} was written by a newer Unabridged (schema {current}, this one knows {HEAD}). "
        "Update Unabridged to open it."
    )


def has_archive(db: Database) -> bool:
    """Say whether there is an archive, of any version. Raises NotAnArchive for other databases."""
    with db.reading() as conn:
        return _version(conn, db.where) is not None


def _version(conn: Connection, where: str) -> str | None:
    tables = set(inspect(conn).get_table_names())
    if not tables:
        return None
    if not tables >= _OUR_TABLES:
        raise NotAnArchive(f"{where} is a database of another program. Choose another file.")
    version = conn.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if version is None else str(version)


def _upgrade(conn: Connection, where: str) -> None:
    # Importing Alembic takes a third of a second, which only an upgrade should cost.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    config = Config()
    config.set_main_option("script_location", "unabridged.archive:migrations")
    config.attributes["connection"] = conn
    current = _version(conn, where)
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise too_new(where, current)
    command.upgrade(config, "head")
    if current is None:
        _insert_initial_rows(conn)
        return
    if current < "0011":
        repair(conn)
    if current < "0008":
        merge_recorded_duplicates(conn)


def _insert_initial_rows(conn: Connection) -> None:
    set_state(conn, ANALYSIS, tokenizer.VERSION)
    set_state(conn, queue.VERSION_STATE, queue.VERSION)
    if conn.execute(select(users.c.id)).first() is None:
        conn.execute(insert(users), {"id": OWNER, "name": "owner", "created": EPOCH, "role": "admin"})
        conn.execute(insert(counters), {"name": "items", "value": 0})
