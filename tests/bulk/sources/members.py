"""Archives for tests, and what their sources yield."""

import io
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from unabridged.bulk.sources.files import InputFile, Kind
from unabridged.bulk.sources.source import LeftOut, Member, Source, Unreadable
from unabridged.warc_reader import Damage

PAGE = b"<!doctype html><title>Ebb</title><p>The tide went out.</p>"


def write_zip(path: Path, files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def write_tar(path: Path, files: Mapping[str, bytes], *others: tarfile.TarInfo) -> Path:
    mode = {".gz": "w:gz", ".xz": "w:xz", ".bz2": "w:bz2"}.get(path.suffix, "w:")
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
        for entry in others:
            archive.addfile(entry)
    return path


def input_file(path: Path, kind: Kind, **more: str) -> InputFile:
    return InputFile(
        path=path, name=path.name, kind=kind, size=path.stat().st_size, version="1", target=path.name, **more
    )


def told(source: Source) -> list[tuple[str, str | bytes]]:
    """What a source yields, in order: (name, bytes) of pages, ("", why) of the rest."""
    found: list[tuple[str, str | bytes]] = []
    for one in source.found():
        if isinstance(one, Member):
            try:
                found.append((one.name, one.read()))
            except Unreadable as exc:
                found.append((one.name, str(exc)))
        else:
            assert isinstance(one, Damage | LeftOut)
            found.append(("", one.why))
    return found
