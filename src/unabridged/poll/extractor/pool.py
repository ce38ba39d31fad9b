"""Extraction in child processes, so that no page can block, exhaust or crash the poller."""

import asyncio
import os
from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from unabridged.archive.records.sites import HeldPage
from unabridged.errors import ExtractError
from unabridged.extraction.multipage.parts import Done, Fetch, PagePart
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.outcome import KnownPart, Trial
from unabridged.feeds.discovery.item_selectors import ItemSelectors
from unabridged.feeds.lists.profile import NOTHING_KNOWN, ListReading, ListState
from unabridged.model import Article, Entry, Feed, Page
from unabridged.poll.extractor.site_rules import NO_RULES, SiteRuleFolders
from unabridged.poll.extractor.tasks import (
    EntriesTask,
    Failure,
    JoinTask,
    KnownTask,
    LearnTask,
    ListTask,
    Reply,
    Result,
    SanitiseTask,
    SelectTask,
    Task,
    TrialTask,
    subject_of,
)
from unabridged.processes.pool import ChildDied, ChildPool, Limits

if TYPE_CHECKING:  # extraction without an archive loads no database
    from unabridged.poll.extractor.known_sites import KnownSites

MOST_CHILDREN = 4
LIMITS = Limits(memory=2_000_000_000, cpu=20)

PROGRAM = "unabridged.poll.extractor.child"
"""Module that a child process runs."""


class Extractor:
    """Extracts articles in up to `workers` child processes (0: one per core, at most MOST_CHILDREN).

    rules: folders of site rules. Children start when needed. Use as an async context manager.
    """

    def __init__(self, workers: int = 0, limits: Limits = LIMITS, rules: Sequence[str | Path] = ()) -> None:
        self._site_rules = SiteRuleFolders(rules)
        most = workers or min(os.cpu_count() or 1, MOST_CHILDREN)
        self._sites: KnownSites | None = None
        self._children = ChildPool(PROGRAM, most, limits)

    def use_rules(self, stored: Mapping[str, str]) -> None:
        """Use these rules before those of the folders: file name -> text, as the archive has them."""
        if stored != self._site_rules.stored:
            self._site_rules = SiteRuleFolders(self._site_rules.folders, stored)

    def headers(self, url: str) -> Mapping[str, str]:
        """Return the request headers that site rules set for a URL, for example a login cookie."""
        rules = self._site_rules.rules(url)
        return dict(rules.headers) if rules else {}

    def use_sites(self, sites: "KnownSites | None") -> None:
        """Read pages by the profiles of their sites; None: all pages the general way."""
        self._sites = sites

    async def fresh_page(self, page: Page, *, entry: Entry | None = None, now: datetime) -> PagePart:
        """Extract a newly fetched page as `page` does, and note what its site's profile was worth."""
        found = await self._extract(self._request(page, entry, now, self._site_rules), known=True)
        if self._sites is not None:
            seen = found.seen if isinstance(found, KnownPart) else None
            await self._sites.observe(page.final_url, seen, page.fetched)
        return found.part if isinstance(found, KnownPart) else found

    async def learn(self, site: str, pages: Sequence[HeldPage], *, now: datetime) -> str:
        """Learn a site from its pages; return its profile as text, "" if nothing was learnt.

        Raises ExtractError.
        """
        reply = await self._do(LearnTask(site=site, pages=tuple(pages), now=now))
        assert isinstance(reply, str)
        return reply

    async def try_profile(
        self, page: Page, profile: str, *, entry: Entry | None = None, now: datetime
    ) -> Trial:
        """Read a page by a profile, as text, whatever its checks say. Raises ExtractError."""
        request = self._request(page, entry, now, SiteRuleFolders(()))
        reply = await self._do(TrialTask(request=request, profile=profile))
        assert isinstance(reply, Trial)
        return reply

    async def page(
        self,
        page: Page,
        *,
        entry: Entry | None = None,
        now: datetime,
        tried: Mapping[str, str] = NO_RULES,
    ) -> PagePart:
        """Extract an article, or its first part, from a page. Raises ExtractError.

        tried: rules to try on it in the place of those stored for the same sites.
        """
        known = self._site_rules
        rules = SiteRuleFolders(known.folders, {**known.stored, **tried}) if tried else known
        found = await self._extract(self._request(page, entry, now, rules), known=not tried)
        return found.part if isinstance(found, KnownPart) else found

    def _request(
        self, page: Page, entry: Entry | None, now: datetime, rules: SiteRuleFolders
    ) -> ExtractRequest:
        return ExtractRequest(
            html=page.body,
            url=page.final_url,
            content_type=page.headers.get("content-type"),
            entry=entry,
            now=now,
            rules=rules.rules(page.final_url, page.body),
        )

    async def _extract(self, request: ExtractRequest, *, known: bool) -> PagePart | KnownPart:
        """Extract a page. known: by the profile of its site, if there is one."""
        site = await self._sites.find(request.url or "") if known and self._sites is not None else None
        task = (
            request if site is None else KnownTask(request=request, profile=site.body, compare=site.compare)
        )
        reply = await self._do(task)
        assert isinstance(reply, PagePart | KnownPart)
        return reply

    async def join(self, parts: Sequence[PagePart], failed: Set[str]) -> Fetch | Done:
        """Return the next page to fetch, or the joined article. Raises ExtractError."""
        reply = await self._do(JoinTask(parts=tuple(parts), failed=frozenset(failed)))
        assert isinstance(reply, Fetch | Done)
        return reply

    async def entries(self, feed: Feed) -> tuple[Article, ...]:
        """Make an article from the feed's own text of each entry. Raises ExtractError."""
        if not feed.entries:
            return ()
        reply = await self._do(EntriesTask(feed=feed))
        assert isinstance(reply, tuple)
        return reply

    async def article_list(
        self, page: Page, state: ListState = NOTHING_KNOWN, *, now: datetime
    ) -> ListReading | None:
        """Read a page's list of articles as a feed; None if it has none.

        state: what is known about the list. Raises HeadlineNotFound, ListVanished, ExtractError.
        """
        reply = await self._do(ListTask(html=page.body, url=page.final_url, state=state, now=now))
        assert reply is None or isinstance(reply, ListReading)
        return reply

    async def selected_items(self, page: Page, selectors: ItemSelectors, *, now: datetime) -> Feed:
        """Return the items that selectors find on a page as a feed. Raises ExtractError, also for none."""
        reply = await self._do(SelectTask(html=page.body, url=page.final_url, selectors=selectors, now=now))
        assert isinstance(reply, Feed)
        return reply

    async def safe_html(self, html: bytes, *, url: str, content_type: str | None) -> str:
        """Return a whole page as HTML in which nothing runs or loads a document. Raises ExtractError."""
        reply = await self._do(SanitiseTask(html=html, url=url, content_type=content_type))
        assert isinstance(reply, str)
        return reply

    async def _do(self, task: Task) -> Result:
        try:
            return _result(await self._children.do(task))
        except ChildDied as exc:
            raise ExtractError(f"No article could be extracted from {subject_of(task)}: it {exc}.") from exc

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._children.close()


class ThreadExtractor(Extractor):
    """Extracts in threads of this process. For a single page at a terminal, where a child process would
    take longer to start than to extract."""

    async def _do(self, task: Task) -> Result:
        return _result(await asyncio.to_thread(_answer, task))


def _result(reply: Reply) -> Result:
    if isinstance(reply, Failure):
        raise reply.kind(reply.message)
    return reply


def _answer(task: Task) -> Reply:
    from unabridged.poll.extractor.child import answer

    return answer(task)
