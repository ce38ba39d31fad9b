"""A proof bundle has all that shows where a text comes from, and is the same bytes each time."""

import hashlib
import io
import json
import zipfile

from tests.formats.proof.conftest import WORDS
from unabridged.archive import Archive
from unabridged.formats.proof.bundle import bundle_name, proof_bundle
from unabridged.formats.proof.checked import check_bundle


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_bundle_has_text_page_headers_and_hashes(archive: Archive, article: int, bundle: bytes) -> None:
    files = unpacked(bundle)
    manifest = json.loads(files["manifest.json"])
    stored = archive.library().articles.revision(article, 2)
    edited = WORDS.replace("Monday", "Tuesday")
    assert files["article.txt"].decode() == edited
    assert b"<title>The &lt;bridge&gt;</title>" in files["article.html"]
    assert files["raw-page.bin"] == f"<html><p>{edited}".encode() + bytes(range(256))
    assert json.loads(files["raw-page-headers.json"]) == {"content-type": "text/html"}
    assert hashlib.sha256(files["record.json"]).hexdigest() == stored.line.content_hash == manifest["sha256"]
    assert manifest["raw_page"]["sha256"] == hashlib.sha256(files["raw-page.bin"]).hexdigest()
    assert manifest["files"]["article.txt"]["sha256"] == hashlib.sha256(edited.encode()).hexdigest()
    assert manifest["page_fetched"] == "2024-02-01T14:00:00+00:00" == manifest["saved"]
    assert [one["version"] for one in manifest["earlier_versions"]] == [0, 1]
    assert (
        manifest["earlier_versions"][1]["sha256"]
        == archive.library().articles.revisions(article)[1].content_hash
    )
    assert manifest["completeness"] == {"kind": "full", "evidence": []}
    assert set(manifest["files"]) == set(files) - {"manifest.json"}


def test_the_same_version_makes_the_same_bytes(archive: Archive, article: int, bundle: bytes) -> None:
    assert proof_bundle(archive.library(), article) == bundle
    assert proof_bundle(archive.library(), article, 2) == bundle
    assert proof_bundle(archive.library(), article, 1) != bundle
    assert bundle_name(article, 2) == f"article-{article}-version-2-proof.zip"


def test_every_version_makes_the_round_trip(archive: Archive, article: int) -> None:
    for line in archive.library().articles.revisions(article):
        checked = check_bundle(proof_bundle(archive.library(), article, line.number))
        stored = archive.library().articles.revision(article, line.number)
        assert checked.text == stored.article.text
        assert checked.manifest["version"] == line.number
        assert (checked.page is None) == (line.snapshot is None)
        assert (checked.entry is None) == (
            archive.library().articles.revision(article, line.number).entry is None
        )
