"""What publishers change behind a reader's back: each test says what the reader then sees."""

import pytest

from tests.archive.stored_rows import shown_by
from tests.e2e.sample_stage import Desk, OpenDesk, all_seen
from unabridged.archive.records.core import Query

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def read_again(reader: Desk, page: str) -> None:
    """Have an article's page read once more, as the reader's button does."""
    seen = all_seen(reader)[page]
    reader.archive.library().articles.request_page(seen.stored.id, now=reader.clock())
    await reader.round(minutes=1)


def numbers(reader: Desk) -> list[int]:
    return sorted(article.id for article in reader.archive.library().articles.all(Query(limit=100)))


async def test_a_silent_edit_makes_a_second_version_and_keeps_the_first(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"], cases=["edit"]) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        reader.publisher.advance("edit")
        await read_again(reader, "harbour-toll-rises")
        stored = all_seen(reader)["harbour-toll-rises"].stored
        versions = [line.number for line in reader.archive.library().articles.revisions(stored.id)]
        first, second = (
            reader.archive.library().articles.revision(stored.id, number).article.text for number in (1, 2)
        )
    assert versions == [0, 1, 2] and stored.revision == 2
    assert "three pounds a night" in first and "two pounds a night" in second


async def test_an_unchanged_page_read_again_makes_no_version(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"]) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        await read_again(reader, "in-praise-of-the-index")
        stored = all_seen(reader)["in-praise-of-the-index"].stored
        assert [line.number for line in reader.archive.library().articles.revisions(stored.id)] == [0, 1]


async def test_an_article_taken_down_stays_whole_with_the_reason_on_its_record(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"], cases=["takedown"]) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        before = all_seen(reader)["a-claim-withdrawn"].stored
        for event, status in (("takedown", "404"), ("gone", "410")):
            reader.publisher.advance(event)
            await read_again(reader, "a-claim-withdrawn")
            after = all_seen(reader)["a-claim-withdrawn"].stored
            assert (after.revision, after.article.text) == (before.revision, before.article.text)
            assert after.page.failure is not None and status in after.page.failure.message
        assert after.page.next_try_at is None


async def test_a_redesign_changes_no_text(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"], cases=["redesign"]) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        before = {name: seen.text for name, seen in all_seen(reader).items()}
        reader.publisher.advance("redesign")
        for seen in all_seen(reader).values():
            reader.archive.library().articles.request_page(seen.stored.id, now=reader.clock())
        await reader.round(minutes=1)
        after = {name: seen.verdict for name, seen in all_seen(reader).items()}
    assert len(before) == 8
    assert {name: v for name, v in after.items() if not (v.text and v.clean)} == {}


@pytest.mark.parametrize("case", ["no-guids", "changing-guids"])
async def test_entries_without_steady_ids_are_known_again(case: str, open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"], cases=[case]) as reader:
        reader.subscribe(f"{reader.publisher.site('quillhaven').origin}/feeds/{case}.xml")
        await reader.round()
        first = numbers(reader)
        await reader.round(hours=26)
        assert numbers(reader) == first and len(first) == 8


async def test_an_article_in_two_feeds_under_other_ids_and_links_is_one(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"], cases=["duplicates"]) as reader:
        site = reader.publisher.site("quillhaven")
        popular = f"{site.origin}/feeds/popular.xml"
        reader.subscribe(*site.feeds, popular)
        await reader.round()
        assert len(numbers(reader)) == 8
        shown = {len(shown_by(reader.archive, number)) for number in numbers(reader)}
        assert shown == {2}


@pytest.mark.parametrize("case", ["no-dates", "wrong-dates"])
async def test_a_feed_without_sound_dates_gets_them_from_the_pages(case: str, open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"], cases=[case]) as reader:
        reader.subscribe(f"{reader.publisher.site('quillhaven').origin}/feeds/{case}.xml")
        await reader.round()
        seen = all_seen(reader)
        assert len(seen) == 8
        assert {name: one.verdict.published for name, one in seen.items()} == dict.fromkeys(seen, True)
        assert all(one.stored.at <= reader.clock() for one in seen.values())


async def test_asking_again_costs_the_publisher_a_304(open_desk: OpenDesk) -> None:
    async with open_desk(["quillhaven"]) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        await reader.round(hours=26)
        assert [request.status for request in reader.publisher.log.of("/feeds/latest.xml")] == [200, 304]
