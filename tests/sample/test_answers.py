"""Answers of the sample publisher: conditional, in its charset."""

import aiohttp

from unabridged.sample.server import SamplePublisher


async def test_an_unchanged_feed_is_answered_with_304(
    publisher: SamplePublisher, web: aiohttp.ClientSession
) -> None:
    for address in publisher.feeds:
        async with web.get(address) as first:
            etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        async with web.get(address, headers={"If-None-Match": etag}) as again:
            assert (again.status, await again.read()) == (304, b"")
        async with web.get(address, headers={"If-Modified-Since": modified}) as again:
            assert again.status == 304
        async with web.get(
            address, headers={"If-None-Match": '"other"', "If-Modified-Since": modified}
        ) as again:
            assert again.status == 200


async def test_the_chinese_site_is_served_as_gb18030(
    publisher: SamplePublisher, web: aiohttp.ClientSession
) -> None:
    served = publisher.site("qingshiwan")
    async with web.get(served.truths()[0].url) as reply:
        body = await reply.read()
        assert reply.headers["Content-Type"] == "text/html; charset=gb18030"
    assert "青石湾日报" in body.decode("gb18030")
