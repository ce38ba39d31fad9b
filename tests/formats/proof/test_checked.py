"""Changed and hostile bundles are refused, and the file at fault is named."""

import io
import json
import random
import warnings
import zipfile
from collections.abc import Callable

import pytest

from tests.archive.sample_feeds import NOW
from tests.formats.proof.test_bundle import unpacked
from unabridged.errors import ProofRefused
from unabridged.formats.proof import layout
from unabridged.formats.proof.checked import check_bundle

pytestmark = pytest.mark.parametrize("dsn", ["sqlite"], indirect=True)
Change = Callable[[dict[str, bytes]], None]


def packed(files: list[tuple[str, bytes]], kind: int = zipfile.ZIP_STORED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", kind) as made:
        for name, data in files:
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o100644 << 16, kind
            made.writestr(entry, data)
    return target.getvalue()


def test_a_whole_bundle_is_accepted(bundle: bytes) -> None:
    checked = check_bundle(bundle)
    assert checked.page is not None and checked.page.fetched > NOW
    assert checked.sha256 == layout.digest(bundle)
    assert packed(list(unpacked(bundle).items())) == bundle, "the tests below pack as the program does"


def test_every_changed_missing_or_added_byte_is_noticed(bundle: bytes) -> None:
    chance = random.Random(5)
    places = {*range(0, len(bundle), 61), *range(32), *range(len(bundle) - 600, len(bundle), 3)}
    for place in places:
        changed = bytearray(bundle)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(ProofRefused):
            check_bundle(bytes(changed))
    for cut in (1, 22, 100, len(bundle) // 2, len(bundle)):
        with pytest.raises(ProofRefused):
            check_bundle(bundle[:-cut])
    for added in (bundle + b"\0", b"\0" + bundle, bundle + bundle):
        with pytest.raises(ProofRefused):
            check_bundle(added)


def _swap(name: str, old: bytes, new: bytes) -> Change:
    def change(files: dict[str, bytes]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)

    return change


def _manifest(**changed: object) -> Change:
    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = layout.json_bytes(json.loads(files["manifest.json"]) | changed)

    return change


FORGED: dict[str, tuple[str, Change]] = {
    "text": ("article.txt", _swap("article.txt", b"Tuesday", b"Sunday!")),
    "html": ("article.html", _swap("article.html", b"Tuesday", b"Sunday!")),
    "readme": ("README.txt", _swap("README.txt", b"belong", b"belonG")),
    "record": ("record.json", _swap("record.json", b"Tuesday", b"Sunday!")),
    "page": ("raw-page.bin", _swap("raw-page.bin", b"Tuesday", b"Sunday!")),
    "title": ("manifest.json", _manifest(title="Another")),
    "address": ("manifest.json", _manifest(url="https://other.example/")),
    "completeness": ("manifest.json", _manifest(completeness={"kind": "paywalled", "evidence": []})),
    "no page named": ("manifest.json", _manifest(raw_page=None)),
    "page without facts": ("manifest.json", _manifest(raw_page={})),
    "number": ("manifest.json", _manifest(version="2")),
    "format": ("manifest.json", _manifest(format=99)),
    "kind": ("manifest.json", _manifest(kind="a letter")),
    "list": ("manifest.json", _manifest(files=[])),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_part_is_named_though_all_checksums_agree(bundle: bytes, forged: str) -> None:
    part, change = FORGED[forged]
    files = unpacked(bundle)
    change(files)
    if forged not in ("list",):
        manifest = json.loads(files["manifest.json"])
        files["manifest.json"] = layout.json_bytes(manifest | {"files": layout.listed_files(files)})
    with pytest.raises(ProofRefused) as refused:
        check_bundle(packed(list(files.items())))
    expected = {"page without facts": "raw-page.bin"}.get(forged, part)
    assert refused.value.part == expected
    assert expected in str(refused.value)


def overlapping(data: bytes) -> bytes:
    """The bundle, in which the text claims the place of the raw page."""
    made = bytearray(data)
    start = {
        name: made.rindex(b"PK\x01\x02", 0, made.rindex(name)) for name in (b"article.txt", b"raw-page.bin")
    }
    text, page = start[b"article.txt"], start[b"raw-page.bin"]
    made[text + 16 : text + 28] = made[page + 16 : page + 28]
    made[text + 42 : text + 46] = made[page + 42 : page + 46]
    return bytes(made)


@pytest.mark.parametrize("kind", ["deflated", "traversal", "missing", "twice", "no zip", "broken"])
def test_hostile_zips_are_refused_by_name(bundle: bytes, kind: str) -> None:
    files = list(unpacked(bundle).items())
    names = [name for name, _ in files if name != "feed-entry.json"]
    outside = ("../evil", "/etc/evil", "C:evil", "x", "article.txt/x", "a" * 9000)
    bomb = [(name, b"\0" * 50_000_000 if name == "raw-page.bin" else data) for name, data in files]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        cases = {
            "deflated": [("manifest.json", packed(bomb, zipfile.ZIP_DEFLATED))],
            "traversal": [(name[:20], packed([*files, (name, b"")])) for name in outside],
            "missing": [(name, packed([one for one in files if one[0] != name])) for name in names],
            "twice": [(name, packed([*files, (name, b"other")])) for name in names],
            "no zip": [("the file", data) for data in (b"", b"<html>", b"PK\x05\x06" + bytes(30))],
            "broken": [
                ("record.json", packed([(n, b"[" * 5000 if n == "record.json" else d) for n, d in files])),
                ("manifest.json", packed([(n, b"{" if n == "manifest.json" else d) for n, d in files])),
                ("the file", packed([*files, *((f"x{number}", b"") for number in range(101))])),
            ],
        }[kind]
    for name, data in cases:
        with pytest.raises(ProofRefused) as refused:
            check_bundle(data)
        assert name in refused.value.part, refused.value


def test_parts_that_lie_over_each_other_are_refused(bundle: bytes) -> None:
    with pytest.raises(ProofRefused):
        check_bundle(overlapping(bundle))


def test_files_in_another_order_or_time_are_refused(bundle: bytes) -> None:
    files = list(unpacked(bundle).items())
    with pytest.raises(ProofRefused, match="between its parts"):
        check_bundle(packed(files[::-1]))
