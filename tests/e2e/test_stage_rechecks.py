"""Young articles are looked at again: edits are noticed, noise and walls change nothing."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.sample_stage import Desk, OpenDesk, all_seen
from unabridged.archive.records.core import StoredArticle
from unabridged.sample.layout import Site, read_site
from unabridged.sample.server import SITES
from unabridged.text.diff import compare

pytestmark = pytest.mark.asyncio(loop_scope="session")

PUBLISHED = datetime(2025, 3, 17, 11, tzinfo=UTC)
EDITS = (
    ("two pounds a night", "three pounds a night"),
    ("six members to three", "five members to four"),
    ("eleven pounds a week", "twelve pounds a week"),
    ("eight feet", "nine feet"),
    ("after two summers", "after one summer"),
)


def edited_site(folder: Path) -> Site:
    """The Quillhaven Review, which changes one figure of an article after another."""
    copy = folder / "quillhaven"
    shutil.copytree(SITES / "quillhaven", copy)
    story = copy / "articles" / "harbour-toll-rises"
    text = (story / "body.edit.html").read_text(encoding="utf-8")
    (story / "body.html").write_text(text, encoding="utf-8")
    for number, (before, after) in enumerate(EDITS, 1):
        assert text.count(before) == 1
        text = text.replace(before, after)
        (story / f"body.edit{number}.html").write_text(text, encoding="utf-8")
    return read_site(copy)


async def test_five_silent_edits_are_noticed_by_age_as_five_versions_with_their_diffs(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    ages = tuple(f"{hours}h" for hours in (1, 2, 3, 4, 5, 6))
    now = PUBLISHED + timedelta(minutes=30)
    async with open_desk([edited_site(tmp_path)], cases=["edit"], recheck=ages, now=now) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        for number in range(1, 6):
            reader.publisher.advance(f"edit{number}")
            await reader.round(hours=1)
        await reader.round(hours=2)
        site = reader.publisher.site("quillhaven")
        stored = reader.archive.library().articles.find(f"{site.origin}/reportage/harbour-toll-rises")
        assert stored is not None and stored.page.next_try_at is None
        lines = reader.archive.library().articles.revisions(stored.id)
        texts = [
            reader.archive.library().articles.revision(stored.id, number).article.text
            for number in range(1, 7)
        ]
        looks = reader.archive.library().articles.observations(stored.id)
    assert [line.number for line in lines] == [0, 1, 2, 3, 4, 5, 6]
    assert [look.kind for look in looks] == ["new", *["changed"] * 5, "same"]
    assert looks[-1].status == 304
    for (before, after), old, new in zip(EDITS, texts, texts[1:], strict=False):
        pieces = [piece for part in compare(old, new).paragraphs for piece in part.pieces]
        removed = " ".join(piece.text for piece in pieces if piece.kind == "removed").split()
        assert removed == [word for word in before.split() if word not in after.split()]
        assert old.replace(before, after) == new


STORY = "".join(
    f"<p>Paragraph {n} of the harbour story tells what the board decided on that evening, and who spoke.</p>"
    for n in range(9)
)


def a_page(noise: int, *, story: str = STORY, title: str = "The harbour froze") -> str:
    """A page whose surroundings change with every look: what is sold, counted, ordered and told by age."""
    sold = ("Boots", "A cruise", "Marmalade", "Window frames")[noise % 4]
    attributes = ' class="figure" id="lead"' if noise % 2 else ' id="lead" class="figure"'
    return f"""<!doctype html><html lang=en><head><title>{title} | {noise} readers online</title>
<meta property="og:title" content="{title}"><meta property="og:type" content="article">
<script>var visit = {noise};</script></head>
<body data-visit="{noise}"><nav><a href=/>Home</a> <a href=/{noise}>Today</a></nav>
<article><h1>{title}</h1><p class="date">{noise + 2} hours ago</p><div{attributes}></div>
{story[: len(story) // 2]}
<div class="ad">Advertisement: {sold}, now {noise} % off</div>
{story[len(story) // 2 :]}
<p class="share">{noise * 7} shares</p></article>
<aside><h2>Most read</h2><a href=/a{noise}>{sold} are back</a></aside>{" " * noise}</body></html>"""


FEED = """<rss version="2.0"><channel><title>Harbour News</title><item><title>The harbour froze</title>
<link>{{base}}/story</link><pubDate>Mon, 17 Mar 2025 11:00:00 +0000</pubDate>
<description>Paragraph 0 of the harbour story.</description></item></channel></rss>"""


def a_site(folder: Path) -> tuple[Site, Path]:
    """A publisher of one page, and the file of that page."""
    root = folder / "harbour"
    for name, text in (("feeds/news.xml", FEED), ("pages/story.html", a_page(0))):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return read_site(root), root / "pages" / "story.html"


def the_story(reader: Desk) -> StoredArticle:
    stored = reader.archive.library().articles.find(f"{reader.publisher.site('harbour').origin}/story")
    assert stored is not None
    return stored


@pytest.mark.parametrize("count", [20, pytest.param(100, marks=pytest.mark.long)])
async def test_many_looks_at_changing_advertisements_make_no_version(
    open_desk: OpenDesk, tmp_path: Path, count: int
) -> None:
    site, page = a_site(tmp_path)
    ages = tuple(f"{hours}h" for hours in range(1, count + 1))
    async with open_desk([site], recheck=ages, now=PUBLISHED + timedelta(minutes=5)) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        for noise in range(1, count + 1):
            page.write_text(a_page(noise), encoding="utf-8")
            await reader.round(hours=1.02)
        stored = the_story(reader)
        looks = reader.archive.library().articles.observations(stored.id)
    assert len(looks) >= count * 9 // 10
    assert [look.reason for look in looks[1:] if look.kind != "same"] == []
    assert stored.revision == 1


WALLS = {
    "paywall": a_page(
        1, story=STORY[: len(STORY) // 5] + "<p>Subscribe now to read the rest of this story.</p>"
    ),
    "consent": "<html><head><title>Before you continue</title></head><body><h1>Before you continue</h1>"
    + "<p>We and our 214 partners store cookies to measure advertising. Accept all or manage.</p>" * 8
    + "</body></html>",
    "error": "<html><head><title>Error</title></head><body><h1>Something went wrong</h1>"
    "<p>Our engineers have been told. Please try again in a few minutes.</p></body></html>",
    "log-in": "<html><head><title>Sign in</title></head><body><h1>Sign in to Harbour News</h1>"
    "<form><input name=user><input type=password></form><p>Forgotten your password?</p></body></html>",
    "blank": "   ",
    "half": a_page(2)[: len(a_page(2)) // 3],
}


async def test_walls_in_place_of_a_page_that_we_hold_change_nothing(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    site, page = a_site(tmp_path)
    ages = tuple(f"{hours}h" for hours in range(7, 70, 7))  # a wall is asked again after six hours
    came: dict[str, tuple[str, int, str]] = {}
    async with open_desk([site], recheck=ages, now=PUBLISHED + timedelta(minutes=30)) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        before = the_story(reader)
        for wall, text in WALLS.items():
            page.write_text(text, encoding="utf-8")
            await reader.round(hours=7)
            after = the_story(reader)
            look = reader.archive.library().articles.observations(after.id)[-1]
            came[wall] = (look.kind, after.revision, after.content_hash)
        page.write_text(a_page(3, story=STORY.replace("evening", "morning")), encoding="utf-8")
        await reader.round(hours=7)
        last = the_story(reader)
    assert {kind for kind, _, _ in came.values()} == {"worse", "failed"}
    assert {found[1:] for found in came.values()} == {(before.revision, before.content_hash)}
    assert (last.revision, "morning" in last.article.text) == (2, True)


async def test_a_page_taken_down_is_on_record_and_so_is_its_return(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    copy = tmp_path / "quillhaven"
    shutil.copytree(SITES / "quillhaven", copy)
    (copy / "articles" / "a-claim-withdrawn" / "article.back.toml").write_text("status = 200\n")
    site = read_site(copy)
    published = next(one for one in site.articles if one.slug == "a-claim-withdrawn").first.published
    assert published is not None
    ages = ("1h", "6h", "1d")
    async with open_desk([site], cases=["takedown"], recheck=ages, now=published) as reader:
        reader.subscribe(*reader.publisher.feeds)
        await reader.round()
        before = all_seen(reader)["a-claim-withdrawn"].stored
        reader.publisher.advance("takedown")
        await reader.round(hours=2)
        down = all_seen(reader)["a-claim-withdrawn"].stored
        look = reader.archive.library().articles.observations(down.id)[-1]
        reader.publisher.advance("back")
        await reader.round(hours=5)
        back = all_seen(reader)["a-claim-withdrawn"].stored
    assert down.page.taken_down == published + timedelta(hours=2)
    assert down.content_hash == before.content_hash
    assert (look.kind, look.status) == ("gone", 404)
    assert down.page.failure is not None and "taken the article down" in down.page.failure.message
    assert back.page.taken_down is None and back.page.failure is None
