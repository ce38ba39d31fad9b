"""Our extractor as a block of a real datatrove pipeline."""

import gzip
from pathlib import Path

import orjson
import pytest

from tests.bulk.sites.site_pages import site_page, site_pages
from tests.bulk.warc_pages import story, write_pages
from unabridged.bulk.shard import Job, SiteOptions, extract_shard, profiles_path

pytest.importorskip("datatrove", reason="datatrove is not installed: tools/setup python3 .venv datatrove")


@pytest.mark.filterwarnings("ignore")
def test_the_block_turns_documents_of_html_into_their_texts(tmp_path: Path) -> None:
    from datatrove.data import Document
    from datatrove.pipeline.writers import JsonlWriter

    from unabridged.bulk.datatrove import Unabridged

    pages = [
        Document(text=story("Ebb", "en").decode(), id="ebb"),
        Document(text="", id="empty"),
        Document(text=story("Flow", "en").decode(), id="flow"),
    ]
    pipeline = JsonlWriter(str(tmp_path)).run(Unabridged().run(iter(pages)))
    assert [document.id for document in pipeline] == ["ebb", "flow"]
    (file,) = tmp_path.glob("*.jsonl.gz")
    written = [orjson.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    assert written[0]["text"].startswith("Part 0: the harbour master of Ebb counted the boats")
    assert "Home" not in written[0]["text"]


@pytest.mark.filterwarnings("ignore")
def test_the_block_reads_known_sites_by_profiles_that_are_brought_along(tmp_path: Path) -> None:
    from datatrove.data import Document

    from unabridged.bulk.datatrove import Unabridged

    source = write_pages(tmp_path / "a.warc.gz", site_pages("quay.example", 8))
    target = tmp_path / "a.jsonl"
    extract_shard(Job(source=source, target=target, format="jsonl", sites=SiteOptions(save=True)))
    url, html = site_page("quay.example", 99)
    block = Unabridged(profiles=profiles_path(target))
    pages = [
        Document(text=html.decode(), id="known", metadata={"url": url}),
        Document(text=html.decode(), id="no address"),
        Document(text=html.decode(), id="none", metadata={"url": "http://["}),
    ]
    texts = [document.text for document in block.run(iter(pages))]
    assert len(texts) == 3
    assert len(set(texts)) == 1
    assert block.extract(html.decode(), url) == texts[0]
    assert block.reader.by_profile == 1
