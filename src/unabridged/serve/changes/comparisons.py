"""Comparisons of the versions before and after edits, kept: versions never change."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from unabridged.archive.facade.library.articles import LibraryArticles
from unabridged.archive.records.changes import ArticleChange
from unabridged.archive.records.core import StoredRevision
from unabridged.errors import UnabridgedError
from unabridged.serve.changes.excerpts import DiffExcerpt, excerpt
from unabridged.serve.diff_pool import DiffPool
from unabridged.serve.views.article import diff_task

KEPT = 500
"""Excerpts that are kept in memory, of 30,000 characters at most and a few hundred as a rule."""

_Key = tuple[str, str]


@dataclass(slots=True)
class ComparisonCache:
    """Excerpts of comparisons by the hashes of the two versions."""

    found: "OrderedDict[_Key, DiffExcerpt]" = field(default_factory=OrderedDict)

    async def compare(
        self, pool: DiffPool, articles: LibraryArticles, changes: Sequence[ArticleChange]
    ) -> dict[str, DiffExcerpt]:
        """Map the ids of edits to what changed; those whose versions cannot be read are left out."""
        pairs = await asyncio.to_thread(_pairs, articles, changes)
        excerpts = await asyncio.gather(*(self._excerpt(pool, pair) for _, pair in pairs))
        return {change: one for (change, _), one in zip(pairs, excerpts, strict=True)}

    async def _excerpt(self, pool: DiffPool, pair: tuple[StoredRevision, StoredRevision]) -> DiffExcerpt:
        key = (pair[0].line.content_hash, pair[1].line.content_hash)
        if key not in self.found:
            compared = await pool.compare(diff_task(*pair))
            self.found[key] = await asyncio.to_thread(excerpt, compared)
        self.found.move_to_end(key)
        one = self.found[key]
        while len(self.found) > KEPT:
            self.found.popitem(last=False)
        return one


def _pairs(
    articles: LibraryArticles, changes: Sequence[ArticleChange]
) -> list[tuple[str, tuple[StoredRevision, StoredRevision]]]:
    found = []
    for one in changes:
        if one.before is None or one.after is None:
            continue
        try:
            pair = articles.revision(one.article_id, one.before), articles.revision(one.article_id, one.after)
        except UnabridgedError:  # damaged, or deleted a moment ago: the list says that there was an edit
            continue
        found.append((one.id, pair))
    return found
