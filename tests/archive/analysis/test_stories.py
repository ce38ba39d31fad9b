"""Stories: articles on one event are put together, keep their number, merge and split."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.archive.sample_feeds import HOUR, NOW, a_feed, a_page, an_article, an_entry, filled, fine, save
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive
from unabridged.archive.records.stories import StoryQuery
from unabridged.archive.storage.tables_stories import story_articles, story_keys
from unabridged.errors import NotFound

QUAKE = (
    "Strong earthquake shakes Valmora",
    "A strong earthquake of magnitude 6.4 shook the town of Valmora on Tuesday, killing 27 people. The mayor, "
    "Ilse Brandt, said that 140 houses had collapsed. Rescue teams from Kestria were on their way.",
)
QUAKE_TOO = (
    "Valmora: 27 dead after quake of 6.4",
    "At least 27 people lost their lives in Valmora, where the ground shook with a magnitude of 6.4. Mayor Ilse "
    "Brandt asked for tents and water. Kestria has sent rescue teams, and the airport is closed.",
)
QUAKE_LATER = (
    "Toll rises in Valmora",
    "Two days after the earthquake in Valmora, rescue teams from Kestria found 9 more bodies. Mayor Ilse Brandt "
    "thanked them and said that 140 families needed houses before winter.",
)
ELECTION = (
    "Marlow wins vote in Tessaly",
    "Jon Marlow of the Green Union won the election in Tessaly with 54 percent of the ballots. His rival, Petra "
    "Oduya, conceded on Sunday evening and called for calm in the capital Lorne.",
)
ELECTION_TOO = (
    "Oduya concedes, Marlow to lead Tessaly",
    "Petra Oduya admitted defeat in Tessaly. Jon Marlow and his Green Union took 54 percent, the commission in "
    "Lorne announced, and the election was peaceful, observers said.",
)
OTHER_QUAKE = (
    "Earthquake off Port Sable",
    "An earthquake of magnitude 5.1 was felt in Port Sable on Friday. Nobody was hurt, said the governor, Ramon "
    "Achterberg, and a warning of high waves for the Coral Bay was lifted.",
)


def read(archive: Archive, number: int, told: tuple[str, str], *, at: int = 0) -> None:
    """Save the page of an article with a title and a text."""
    url = f"https://news.example/{number}"
    title, text = told
    archive.ingest.save_page(
        number, an_article(url, title, text), a_page(url, f"{text}{at}".encode()), now=NOW + at * HOUR
    )


def told(archive: Archive, *reports: tuple[str, str]) -> list[int]:
    """Save and analyse an article for each report."""
    found = filled(archive, *range(1, len(reports) + 1))
    for number, one in zip(found, reports, strict=True):
        read(archive, number, one)
    archive.analysis.all()
    return found


def stories(archive: Archive, user: int = 1, **query: object) -> list[tuple[int, list[int]]]:
    """Return the number of every story in the list, with its articles."""
    library = archive.library(user).stories
    lines = library.recent(StoryQuery(**query)).stories  # type: ignore[arg-type]
    return [(line.number, [one.headline.id for one in library.get(line.number).articles]) for line in lines]


def test_reports_on_one_event_are_one_story_and_others_are_not_in_it(archive: Archive) -> None:
    one, other, two, far, later = told(archive, QUAKE, ELECTION, QUAKE_TOO, OTHER_QUAKE, QUAKE_LATER)
    assert stories(archive) == [(one, [one, two, later])]
    assert archive.library().stories.of_article(later) == one
    assert archive.library().stories.of_article(other) is None
    assert archive.library().stories.of_article(far) is None
