"""Taking files into the archive: documents one by one or as a tree, and JSON lines."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path

from unabridged.archive.records import Change, Imported
from unabridged.archive.store import Archive
from unabridged.errors import DocumentError
from unabridged.publish.document import looks_like_document, parse_document
from unabridged.publish.jsonl import read_jsonl
from unabridged.publish.tree import list_title, tree_files

BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did. changes: of every article read, in order; skipped: files that are no articles.

    failed: for what could not be read, the error with file and place; the rest was imported.
    """

    changes: tuple[Change, ...] = ()
    skipped: tuple[Path, ...] = ()
    failed: tuple[DocumentError, ...] = ()

    def count(self, kind: str) -> int:
        """How many articles were "new", "changed", "same" or "worse"."""
        return sum(1 for change in self.changes if change.kind == kind)


def import_paths(
    archive: Archive,
    paths: Iterable[Path],
    *,
    now: datetime,
    seen: Callable[[Path], None] = lambda path: None,
) -> ImportReport:
    """Import files and trees (`.md`, `.txt`, `.jsonl`); a second time nothing is imported twice.

    seen: called with every file, for a progress bar. Raises DocumentError for a path that is not there.
    """
    changes: list[Change] = []
    skipped: list[Path] = []
    failed: list[DocumentError] = []
    found = _read_all(paths, seen)
    while batch := list(islice(found, BATCH)):
        skipped += [one for one in batch if isinstance(one, Path)]
        failed += [one for one in batch if isinstance(one, DocumentError)]
        ready = [one for one in batch if isinstance(one, Imported)]
        changes += archive.import_articles(ready, now=now)
    return ImportReport(changes=tuple(changes), skipped=tuple(skipped), failed=tuple(failed))


def _read_all(
    paths: Iterable[Path], seen: Callable[[Path], None]
) -> Iterator[Imported | DocumentError | Path]:
    title_of = cache(list_title)
    for path in paths:
        if not path.exists():
            raise DocumentError(f"{path} is not there.")
        for file in tree_files(path):
            seen(file)
            if file.suffix == ".jsonl":
                yield from read_jsonl(file)
            else:
                yield _read_document(file, title_of, alone=file == path)


def _read_document(
    file: Path, title_of: Callable[[Path, str], str | None], *, alone: bool
) -> Imported | DocumentError | Path:
    """One file's article, the error that keeps it from being one, or the file itself: no document."""
    try:
        content = file.read_bytes()
        if not alone and not looks_like_document(content) and not _has_a_place(file):
            return file
        document = parse_document(content, path=file)
    except OSError as exc:
        return DocumentError(f"{file} cannot be read: {exc.strerror}.")
    except DocumentError as exc:
        return exc
    tree = file.parent.parent.parent
    return document.imported(document.source and title_of(tree, document.source))


def _has_a_place(file: Path) -> bool:
    """Whether a file stands where only documents stand: a broken one there is an error, not a README."""
    return file.parent.parent.name == "articles" and file.stem.isdigit()
