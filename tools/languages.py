"""Catalogues of the reader's texts: collect the texts, bring each catalogue up to date, compile it.

    python tools/languages.py            # after a change of texts; needs Babel (extra "dev")
    python tools/languages.py --formats  # also writes the table of dates and numbers from CLDR again

A translation is written into a `.po` file of src/unabridged/serve/languages/catalogues; then this is run.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from babel.units import format_unit

from unabridged.serve.languages.choice import ENGLISH, LANGUAGES
from unabridged.serve.languages.formats import TABLE
from unabridged.serve.languages.messages import CATALOGUES, DOMAIN

SERVE = Path(__file__).parent.parent / "src" / "unabridged" / "serve"
KEYWORDS: dict[str, object] = {
    "_": None,
    "gettext": None,
    "later": None,
    "ngettext": (1, 2),
    "counted": (1, 2),
    "pgettext": ((1, "c"), 2),
}
TEMPLATE_OPTIONS = {"trimmed": "true"}
COMMENTS = ("Translators:",)
NO_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""Time in the header of a catalogue, so that it is the same whenever it is written."""


def source_texts(folder: Path = SERVE) -> Catalog:
    """Return the texts that templates and modules mark, each with the files it stands in."""
    found = Catalog(project="Unabridged", charset="utf-8")
    for path, method in _files(folder):
        options = TEMPLATE_OPTIONS if method == "jinja2" else {}
        name = path.relative_to(folder).as_posix()
        for _, message, comments, context in extract_from_file(
            method, path, KEYWORDS, COMMENTS, options, strip_comment_tags=True
        ):
            if message:
                found.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return found


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    yield from ((path, "jinja2") for path in sorted((folder / "templates").rglob("*.html")))
    yield from ((path, "python") for path in sorted(folder.rglob("*.py")))


def po_file(code: str) -> Path:
    """Return the catalogue of a language that people edit."""
    return CATALOGUES / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(code: str) -> Catalog:
    """Read the catalogue of a language; an empty one if there is none."""
    locale = code.replace("-", "_")
    path = po_file(code)
    if not path.exists():
        return Catalog(locale=locale, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale, charset="utf-8")


def updated(code: str, texts: Catalog) -> Catalog:
    """Return the catalogue of a language with all texts of the source and none that it has no more."""
    old = read_catalogue(code)
    new = Catalog(
        locale=code.replace("-", "_"),
        project="Unabridged",
        version="reader",
        header_comment=old.header_comment if po_file(code).exists() else "#",
        creation_date=NO_TIME,
        revision_date=NO_TIME,
        last_translator="Unabridged",
        charset="utf-8",
        fuzzy=False,
    )
    for one in sorted((one for one in texts if one.id), key=_place):
        known = old.get(one.id, one.context)
        string = known.string if known is not None and not known.fuzzy else None
        new.add(one.id, string, one.locations, auto_comments=one.auto_comments, context=one.context)
    return new


def _place(one: Message) -> tuple[str, str]:
    text = one.id if isinstance(one.id, str) else one.id[0]
    return (one.locations[0][0], text)


def write(code: str, catalogue: Catalog) -> None:
    """Write the catalogue of a language, and its compiled form."""
    path = po_file(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=0, include_lineno=False, sort_output=False)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as the program reads it."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def missing(catalogue: Catalog) -> tuple[str, ...]:
    """Return the texts without a translation, in a catalogue."""
    return tuple(str(one.id) for one in catalogue if one.id and not _is_whole(one.string))


def _is_whole(string: object) -> bool:
    return all(string) if isinstance(string, tuple | list) else bool(string)


# Dates and numbers


def write_formats() -> None:
    """Write the table of dates and numbers."""
    names = {code: "en_GB" if code == ENGLISH.code else code.replace("-", "_") for code in LANGUAGES}
    table = {code: _formats(name) for code, name in names.items()}
    TABLE.write_text(json.dumps(table, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _formats(name: str) -> dict[str, object]:
    locale = Locale.parse(name)
    symbols = locale.number_symbols["latn"]
    months, alone = locale.months["format"]["wide"], locale.months["stand-alone"]["wide"]
    numbers = range(1, 13)
    return {
        "months": [months[one] for one in numbers],
        "standalone_months": [alone[one] for one in numbers],
        "days": [locale.days["stand-alone"]["wide"][one] for one in range(7)],
        "day": _pattern(str(locale.datetime_skeletons["MMMMd"].pattern)),
        "day_of_year": _pattern(str(locale.date_formats["long"].pattern)),
        "month_of_year": _pattern(str(locale.datetime_skeletons["yMMMM"].pattern)),
        "date_time": str(locale.datetime_formats["medium"]).replace("{1}", "{date}").replace("{0}", "{time}"),
        "group": symbols["group"],
        "group_from": 5 if locale.language == "es" else 4,  # CLDR's minimumGroupingDigits, which Babel lacks
        "decimal": symbols["decimal"],
        "sizes": [_size(locale, unit) for unit in UNITS],
    }


def _size(locale: Locale, unit: str) -> str:
    """Return the pattern of a size: "{0} kB"."""
    written = format_unit(7, f"digital-{unit}byte", length="short", locale=locale, numbering_system="latn")
    return str(written).replace("7", "{0}")


UNITS = ("kilo", "mega", "giga", "tera")
_FIELDS = (("LLLL", "{standalone}"), ("MMMM", "{month}"), ("M", "{number}"), ("d", "{day}"), ("y", "{year}"))


def _pattern(cldr: str) -> str:
    """Turn a pattern of CLDR ("d 'de' MMMM") into one of Python ("{day} de {month}")."""
    parts = cldr.split("'")
    return "".join(part if place % 2 else _fields(part) for place, part in enumerate(parts))


def _fields(part: str) -> str:
    for field, name in _FIELDS:
        if field in part:
            before, _, behind = part.partition(field)
            return _fields(before) + name + _fields(behind)
    return part


def main(arguments: Iterable[str]) -> int:
    """Bring all catalogues up to date; say what has no translation yet."""
    if "--formats" in arguments:
        write_formats()
    texts = source_texts()
    lacking = 0
    for code in LANGUAGES:
        if code != ENGLISH.code:
            made = updated(code, texts)
            write(code, made)
            lacking += len(missing(made))
            print(f"{code}: {len(made) - len(missing(made))} of {len(made)} texts")
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
