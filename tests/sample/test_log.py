"""Requests on record."""

import json
from pathlib import Path

import aiohttp

from unabridged.sample.server import SamplePublisher


async def test_every_request_is_on_record(publisher: SamplePublisher, web: aiohttp.ClientSession) -> None:
    address = publisher.site("quillhaven").origin + "/nowhere?x=1"
    async with web.get(address, headers={"User-Agent": "somebody"}) as reply:
        assert reply.status == 404
    (request,) = publisher.log.of("/nowhere?x=1")
    assert (request.status, request.host, request.headers["user-agent"]) == (404, "quillhaven", "somebody")


async def test_the_log_can_be_a_file(tmp_path: Path, web: aiohttp.ClientSession) -> None:
    log = tmp_path / "requests.jsonl"
    async with SamplePublisher(log_file=log) as running, web.get(running.feeds[0]) as reply:
        assert reply.status == 200
    (line,) = log.read_text().splitlines()
    assert json.loads(line)["path"] == "/feeds/latest.xml"
