"""Events of what the sample publisher does: each arrives once, with the versions to be compared."""

from collections import Counter
from dataclasses import replace

import pytest

from tests.e2e.sample_stage import Desk, OpenDesk, all_seen
from unabridged.archive.records.events import Event, EventQuery
from unabridged.urls import host

pytestmark = pytest.mark.asyncio(loop_scope="session")


def new_events(reader: Desk, after: int = 0) -> tuple[Event, ...]:
    return reader.archive.library().events.read(EventQuery(after=after, limit=500)).events


async def read_again(reader: Desk, page: str) -> None:
    number = all_seen(reader)[page].stored.id
    reader.archive.library().articles.request_page(number, now=reader.clock())
    await reader.round(minutes=1)


async def test_each_article_is_new_and_then_whole_once(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"]) as reader:
        reader.subscribe(*reader.publisher.feeds)
        for _ in range(3):
            await reader.round(hours=30)
        found = new_events(reader)
        seen = all_seen(reader)
    counted = Counter((one.kind, one.article) for one in found)
    assert set(counted.values()) == {1}
    assert {article for kind, article in counted if kind == "article.new"} == {
        one.stored.id for one in seen.values()
    }
    whole = {article for kind, article in counted if kind == "article.whole"}
    assert whole == {
        one.stored.id
        for one in seen.values()
        if one.stored.article.completeness.whole and one.stored.revision
    }


async def test_an_edit_a_take_down_and_a_return_arrive_once_with_their_versions(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"], cases=["edit", "takedown"]) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        last = new_events(reader)[-1].number
        edited = all_seen(reader)["harbour-toll-rises"].stored.id
        withdrawn = all_seen(reader)["a-claim-withdrawn"].stored.id
        for event in ("edit", "takedown", "gone"):
            reader.publisher.advance(event)
            for _ in range(2):
                await read_again(reader, "harbour-toll-rises")
                await read_again(reader, "a-claim-withdrawn")
        found = new_events(reader, last)
        assert [(one.kind, one.article, one.before, one.after) for one in found] == [
            ("article.changed", edited, 1, 2),
            ("article.taken_down", withdrawn, 1, None),
        ]
        library = reader.archive.library().articles
        older, newer = (library.revision(edited, number).article.text for number in (1, 2))
    assert "three pounds a night" in older and "two pounds a night" in newer


async def test_a_redesign_is_one_event(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"], cases=["redesign"], learn=True) as reader:
        site = reader.publisher.served[0].site
        shown = [one for one in site.articles if not one.case]
        reader.subscribe(*reader.publisher.feeds)
        for count in (4, 5, 6, 7, 8, 8, 8):
            if count == 6:
                reader.publisher.advance("redesign")
            reader.publisher.served[0].site = replace(site, articles=tuple(shown[:count]))
            await reader.round(hours=30)
        found = [one for one in new_events(reader) if not one.kind.startswith("article.")]
    assert [(one.kind, one.details["site"]) for one in found] == [
        ("site.redesigned", host(reader.publisher.served[0].origin))
    ]
