"""Our extractor as a block of a real datatrove pipeline."""

import gzip
from pathlib import Path

import orjson
import pytest

from tests.bulk.warc_pages import story

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
