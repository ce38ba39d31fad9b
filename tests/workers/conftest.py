"""A real PostgreSQL that tests may stop, and databases on it with the tables of archive and job engine."""

from collections.abc import AsyncIterator, Callable, Iterator
from itertools import count

import psycopg
import pytest
from procrastinate import App

from bench.postgresql import Server, installed, running_server
from unabridged.archive.facade.archive import Archive
from unabridged.workers.job_queue import (
    make_engine,
)
from unabridged.workers.upgrade import upgrade_engine


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server of this session's own."""
    binaries = installed()
    if binaries is None:
        pytest.skip("no PostgreSQL server here (initdb not found): install the package postgresql")
    with running_server(binaries) as running:
        address = running.create("pattern")
        Archive(address).close()
        upgrade_engine(address)
        yield running


@pytest.fixture(scope="session")
def _numbers() -> Iterator[int]:
    return count()


@pytest.fixture
def empty(server: Server, _numbers: Iterator[int]) -> str:
    """The address of a database without any table."""
    return server.create(f"empty{next(_numbers)}")


@pytest.fixture
def make_dsn(server: Server, _numbers: Iterator[int]) -> Callable[[], str]:
    """Makes databases with all tables and nothing in them."""

    def make() -> str:
        name = f"archive{next(_numbers)}"
        with psycopg.connect(f"{server.address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE pattern")
        return f"{server.address}/{name}"

    return make


@pytest.fixture
def dsn(make_dsn: Callable[[], str]) -> str:
    return make_dsn()


@pytest.fixture
async def engine(dsn: str) -> AsyncIterator[App]:
    async with make_engine(dsn).open_async() as app:
        yield app
