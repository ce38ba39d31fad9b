"""A reader with one story of five outlets, and an article that is in none."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest

from tests.serve.running_app import Desk, make_article
from tests.serve.stories.sample_story import tell


@dataclass
class Told:
    """The reader's archive with a client of it. numbers: of the story's articles, the earliest first."""

    desk: Desk
    client: httpx.Client
    numbers: list[int]
    other: int


@pytest.fixture
def told(desk: Desk, visit: Callable[..., httpx.Client]) -> Told:
    desk.subscribe([make_article(9)], title="The Other")
    other = desk.articles[0]
    return Told(desk=desk, numbers=tell(desk), client=visit(desk), other=other)
