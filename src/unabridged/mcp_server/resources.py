"""Resources: articles and their versions under addresses of their own, as Markdown."""

import re
from collections.abc import Sequence

from unabridged.archive.records.core import Headline, Query
from unabridged.errors import NotFound
from unabridged.mcp_server.caller import Caller
from unabridged.mcp_server.text.cursors import make_cursor, read_cursor
from unabridged.mcp_server.text.parts import part_of
from unabridged.mcp_server.text.untrusted import NOTICE, fenced
from unabridged.mcp_server.tools import rendering
from unabridged.mcp_server.tools.arguments import LARGEST_ID

ARTICLE = "unabridged://article/{id}"
VERSION = "unabridged://article/{id}/version/{number}"
MIME_TYPE = "text/markdown"

LISTED = 50
"""Articles in one answer."""

MOST_CHARACTERS = 100_000
"""Characters of one resource; read_article reads longer articles in parts."""

_ADDRESS = re.compile(r"unabridged://article/(\d{1,10})(?:/version/(\d{1,10}))?", re.ASCII)


def article_uri(number: int) -> str:
    return ARTICLE.format(id=number)


def list_articles(caller: Caller, cursor: str | None) -> tuple[Sequence[Headline], str | None]:
    """Return the newest articles, and the cursor for those after them. Raises InvalidValue, NotFound."""
    place = read_cursor("resources", {}, cursor)
    found = caller.library.articles.headlines(Query(before=place, limit=LISTED))
    following = None if found.next is None else make_cursor("resources", {}, found.next)
    return found.headlines, following


def read_resource(caller: Caller, uri: str) -> str:
    """Return an article, or one version of it, as Markdown. Raises NotFound."""
    match = _ADDRESS.fullmatch(uri)
    if match is None:
        raise NotFound(f"There is no such resource. Resources are {ARTICLE} and {VERSION}.")
    number, version = (None if group is None else min(int(group), LARGEST_ID) for group in match.groups())
    assert number is not None
    stored = caller.library.articles.get(number)
    if version is not None:
        stored = rendering.version_of(stored, caller.library.articles.revision(number, version))
    part = part_of(rendering.document(stored), 0, MOST_CHARACTERS)
    rest = "" if part.next is None else "\nThe text goes on. The tool read_article reads it in parts."
    return f"{NOTICE}\n{fenced(part.text)}{rest}"
