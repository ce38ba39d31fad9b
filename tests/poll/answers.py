"""Answers of a publisher, and the articles that came of them."""

from aiohttp import web

from tests.poll.conftest import Answer
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.core import Query, StoredArticle


def html(inside: str) -> Answer:
    return lambda request: web.Response(text=f"<html>{inside}</html>", content_type="text/html")


def status(number: int, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda request: web.Response(status=number, headers=named)


def stored(archive: Archive) -> tuple[StoredArticle, ...]:
    return archive.library().articles.page(Query(limit=1000)).articles
