"""Articles made in child processes: a hostile page costs its child at worst."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from unabridged.errors import ExtractError, NotAPage
from unabridged.model import Entry, Feed, Page
from unabridged.poll.extractor.pool import Extractor, ThreadExtractor
from unabridged.processes.pool import ChildDied, ChildPool, Limits

NOW = datetime(2024, 5, 6, tzinfo=UTC)
SMALL = Limits(memory=1_000_000_000, cpu=1, wall=120.0)


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    return "tests.processes.sample_child"


def page(body: bytes) -> Page:
    return Page(
        url="http://a.example/", final_url="http://a.example/", status=200, headers={}, body=body, fetched=NOW
    )


async def test_a_death_or_a_limit_ends_one_task_and_nothing_else(program: str) -> None:
    async with ChildPool(program, 1, SMALL) as children:
        assert await children.do(1) == ("done", 1)
        assert await children.do("print") == ("done", "print")
        for task, words in (("die", "SIGABRT"), ("loop", "CPU"), ("fill", "ended its process")):
            with pytest.raises(ChildDied, match=words):
                await children.do(task)
            assert await children.do(2) == ("done", 2)


async def test_the_clock_ends_a_task_too(program: str) -> None:
    async with ChildPool(program, 1, Limits(cpu=60, wall=3.0)) as children:
        with pytest.raises(ChildDied, match="more than 3 seconds"):
            await children.do("loop")


async def test_errors_of_extraction_come_through_with_their_kind() -> None:
    async with Extractor(1) as extractor:
        with pytest.raises(NotAPage):
            await extractor.page(page(b"%PDF-1.7 \x00\x01\x02" * 50), now=NOW)
        part = await extractor.page(page(b"<html><title>T</title><p>Words</p></html>"), now=NOW)
        assert part.article.url == "http://a.example/"


async def test_a_thread_makes_the_same() -> None:
    feed = Feed(url="http://a.example/", format="rss", entries=(Entry(title="T", summary_html="<p>x</p>"),))
    made = await ThreadExtractor().entries(feed)
    assert [article.text for article in made] == ["x"]
    assert await ThreadExtractor().entries(Feed(url="http://a.example/", format="rss")) == ()
    with pytest.raises(ExtractError):
        await ThreadExtractor().page(page(b"\x89PNG\r\n\x1a\n" * 30), now=NOW)
