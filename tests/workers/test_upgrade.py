"""Both schemas by one command; programs and tables that do not fit say so."""

from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from typer.testing import CliRunner

from unabridged.archive.facade.archive import Archive
from unabridged.archive.migrations.runner import check_archive
from unabridged.cli.app import app
from unabridged.errors import ArchiveUnwritable, ConfigError, SchemaTooNew, SchemaTooOld
from unabridged.workers.job_queue import libpq_conninfo
from unabridged.workers.upgrade import check_engine, engine_migrations, upgrade_engine


def test_one_command_makes_both_schemas_and_does_nothing_a_second_time(empty: str) -> None:
    for words in (f"({len(engine_migrations())} migrations", "(0 migrations"):
        done = CliRunner().invoke(app, ["--database", empty, "upgrade"])
        assert done.exit_code == 0
        assert words in done.stderr
    check_archive(empty)
    check_engine(empty)


def test_tables_of_an_earlier_engine_are_upgraded(empty: str) -> None:
    earlier = [name for name in engine_migrations() if name < "03.02"]
    with psycopg.connect(empty, autocommit=True) as connection:
        for name in earlier:
            connection.execute(engine_migrations()[name].read_bytes())
        connection.execute("CREATE TABLE unabridged_engine (migration text PRIMARY KEY, applied timestamptz)")
        for name in earlier:
            connection.execute("INSERT INTO unabridged_engine VALUES (%s, now())", [name])
    with pytest.raises(SchemaTooOld, match="unabridged upgrade"):
        check_engine(empty)
    assert upgrade_engine(empty) == [name for name in engine_migrations() if name >= "03.02"]
    check_engine(empty)


def test_a_newer_engine_is_refused_with_what_to_do(dsn: str) -> None:
    with psycopg.connect(dsn) as connection:
        connection.execute("INSERT INTO unabridged_engine (migration) VALUES ('99.00.00_01_more')")
    with pytest.raises(SchemaTooNew, match="Update Unabridged"):
        check_engine(dsn)
    with pytest.raises(SchemaTooNew):
        upgrade_engine(dsn)


def test_an_archive_of_another_schema_is_refused_and_left_as_it_is(dsn: str) -> None:
    for version, error in (("0001", SchemaTooOld), ("9999", SchemaTooNew)):
        with psycopg.connect(dsn) as connection:
            connection.execute("UPDATE alembic_version SET version_num = %s", [version])
        with pytest.raises(error):
            check_archive(dsn)
        with psycopg.connect(dsn) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (version,)


def test_a_database_without_tables_is_told_to_be_upgraded(empty: str) -> None:
    with pytest.raises(SchemaTooOld, match="unabridged upgrade"):
        check_archive(empty)
    with pytest.raises(SchemaTooOld, match="unabridged upgrade"):
        check_engine(empty)


def test_a_password_of_any_signs_reaches_the_server_as_it_is(dsn: str) -> None:
    host = dsn.split("@")[-1]
    password = "one two+3/4%5@6:7'8\\9"
    address = f"postgresql://keeper:{quote(password, safe='')}@{host}?application_name=a%20test"
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE ROLE keeper LOGIN SUPERUSER")
    check_engine(address)
    said = conninfo_to_dict(libpq_conninfo(address))
    assert (said["user"], said["password"], said["application_name"]) == ("keeper", password, "a test")


def test_a_server_that_is_away_is_named_without_its_password() -> None:
    with pytest.raises(ArchiveUnwritable, match="cannot be reached") as caught:
        check_engine("postgresql://owner:s3cret@127.0.0.1:1/archive")
    assert "s3cret" not in str(caught.value)


def test_a_worker_on_sqlite_is_told_that_one_process_is_enough(tmp_path: Path) -> None:
    Archive(str(tmp_path / "a.sqlite")).close()
    done = CliRunner().invoke(app, ["--database", str(tmp_path / "a.sqlite"), "worker"])
    assert isinstance(done.exception, ConfigError)
    assert "unabridged serve" in str(done.exception)
