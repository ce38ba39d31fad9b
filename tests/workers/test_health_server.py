"""Figures and health of a worker."""

import asyncio
import socket

import httpx
import pytest

from unabridged.config import WorkerSettings
from unabridged.errors import ConfigError
from unabridged.poll.metrics import Metrics
from unabridged.workers.health_server import serve_status
from unabridged.workers.job_queue import (
    POLL,
)


@pytest.fixture
def unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_worker_shows_its_figures_and_its_health(unused_port: int) -> None:
    figures, well = Metrics(), [True]
    settings = WorkerSettings(port=unused_port)
    with figures.timed(POLL), serve_status(settings, figures, lambda: well[0]):
        for health in (200, 503):
            well[0] = health == 200
            answer = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{unused_port}/healthz")
            assert answer.status_code == health
        shown = await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{unused_port}/metrics")
        assert "unabridged_polls_total" in shown.text
        with pytest.raises(ConfigError, match="its own --port"), serve_status(settings, figures, bool):
            pass
