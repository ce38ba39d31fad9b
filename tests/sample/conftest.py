"""A running sample publisher, and a client."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from unabridged.sample.server import SamplePublisher


@pytest.fixture
async def publisher() -> AsyncIterator[SamplePublisher]:
    async with SamplePublisher() as running:
        yield running


@pytest.fixture
async def web() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session
