"""A site that is learnt while it is polled, its redesign, and what was read meanwhile."""

from dataclasses import replace

import pytest

from tests.conftest import present
from tests.e2e.sample_stage import Desk, OpenDesk, all_seen
from unabridged.archive.records.sites import StoredProfile
from unabridged.poll.extractor.suspect_pages import site_alarms
from unabridged.poll.feeds.diagnostics import Finding, diagnose
from unabridged.poll.feeds.evidence import collect_evidence
from unabridged.poll.pages.reextract import ReplayRequest, replay
from unabridged.sample.layout import Site
from unabridged.urls import host

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def publish(reader: Desk, site: Site, count: int) -> None:
    """Let the publisher show so many articles of a site, and poll."""
    shown = [one for one in site.articles if not one.case]
    reader.publisher.served[0].site = replace(site, articles=tuple(shown[:count]))
    await reader.round(hours=30)


def profile(reader: Desk) -> StoredProfile:
    return present(reader.archive.sites.profile(host(reader.publisher.served[0].origin)))


def findings(reader: Desk) -> list[Finding]:
    archive, now = reader.archive, reader.clock()
    found = diagnose(collect_evidence(archive, archive.library(), now), now)
    return [one for one in found if one.kind.startswith("site-")]


def ways(reader: Desk) -> list[str]:
    """Where the texts of the articles come from, in the order in which they came."""
    seen = sorted(all_seen(reader).values(), key=lambda one: one.stored.id)
    return [one.stored.article.provenance["html"] for one in seen]


def wrong(reader: Desk) -> list[str]:
    """Articles that lack some of their true text."""
    return [name for name, one in all_seen(reader).items() if not one.verdict.text]


async def test_after_a_redesign_no_text_is_lost_and_what_came_meanwhile_is_read_again(
    open_desk: OpenDesk,
) -> None:
    async with open_desk(["quillhaven"], cases=["redesign"], learn=True) as reader:
        site = reader.publisher.served[0].site
        reader.subscribe(*reader.publisher.feeds)
        await publish(reader, site, 4)
        old = profile(reader).body
        await publish(reader, site, 5)
        assert old and ways(reader) == ["page"] * 4 + ["learnt"]
        reader.publisher.advance("redesign")
        for count in (6, 7):
            await publish(reader, site, count)
            assert (profile(reader).alarm, wrong(reader), findings(reader)) == ("", [], [])
        await publish(reader, site, 8)  # the third page without the body that was learnt: alarm, learnt again
        after = profile(reader)
        assert after.body != old and (after.alarm, after.alarmed) == ("", reader.clock())
        assert ways(reader)[5:] == ["page"] * 3 and wrong(reader) == []
        [finding] = findings(reader)
        assert finding.what.endswith("3 articles came, 0 of them by the old profile.")
        pages = present(site_alarms(reader.archive, reader.clock())[0].pages)
        assert f"`unabridged replay {pages.options}`" in finding.advice
        request = ReplayRequest(chosen=pages.selection, asked=pages.options)
        extractor = reader.poller.context.extractor
        report = await replay(reader.archive, extractor, request, clock=reader.clock)
        assert report.read == 3 and wrong(reader) == []
        assert "were extracted again" in findings(reader)[0].advice
