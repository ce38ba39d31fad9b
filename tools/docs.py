"""Write the generated pages: references of commands, settings and the API, map of the code, llms.txt.

python tools/docs.py           write them: docs/reference/, docs/llms.txt, CONTRIBUTING.md
python tools/docs.py --check   exit 1 if a page is not what would be written
"""

import ast
import json
import os
import re
import sys
from pathlib import Path

os.environ.update(NO_COLOR="1", COLUMNS="100", TERM="dumb")

import typer.main
from typer.core import TyperCommand, TyperGroup

from unabridged.cli.app import app, load_command
from unabridged.config import describe_settings
from unabridged.serve.api.openapi import openapi_document

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
REFERENCE = DOCS / "reference"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
SOURCE = ROOT / "src" / "unabridged"
MAP_BEGINS, MAP_ENDS = "<!-- map of the code: python tools/docs.py -->\n", "<!-- end of the map -->\n"

CLI_HEAD = """# The command line

Generated from the program's own help by `python tools/docs.py`.

`unabridged COMMAND --help` prints what stands here. Options of the program itself (`--database`,
`--config`, `--json`, `--quiet`) come before the command.

## Exit codes

| code | meaning |
|---|---|
| 0 | done |
| 1 | something else failed; the message says what |
| 2 | the command line, an address, a setting or a rule is wrong |
| 3 | a page or feed could not be fetched (no such host, time-out, 4xx, 5xx, too large) |
| 4 | our own guard refused the address (a private network, a scheme) |
| 5 | what was fetched is no feed |
| 6 | what was read is no page, or holds no article; a proof bundle's text does not follow from its page |
| 7 | a file to import or to write is at fault, or a proof bundle was changed |
| 8 | the database refused: not an archive, a newer schema, read-only, full disk |
| 9 | there is no such article, feed or version |
| 10 | another program holds the archive for too long: try later (`verify`: not all could be checked now) |
| 130 | ended by Ctrl-C |

Results go to stdout, progress and remarks to stderr. `NO_COLOR` and pipes are respected.

"""

SETTINGS_HEAD = """# Settings

Generated from `config.py` by `python tools/docs.py`.

Settings come from a TOML file (`unabridged.toml` in the platform's configuration folder, or in
`UNABRIDGED_HOME`, or named by `--config` or `UNABRIDGED_CONFIG`), then from the environment:
`UNABRIDGED_<SECTION>_<NAME>`, for instance `UNABRIDGED_FETCH_PROXY`; lists are separated by commas.
The address of an SQLite file may end in `?timeout=60`: seconds of waiting for other programs.

| name | meaning |
|---|---|
| `UNABRIDGED_HOME`, `home` | the data folder; default: the platform's |
| `UNABRIDGED_DATABASE`, `database` | the archive, an SQLAlchemy URL; default: `unabridged.sqlite` there |

| setting | default | meaning |
|---|---|---|
"""


def cli_page() -> str:
    """Return the reference of every command."""
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    parts = [CLI_HEAD, f"## unabridged\n\n```\n{_help(group, 'unabridged')}\n```\n"]
    for name in sorted(group.commands):
        command = load_command(name)
        if isinstance(command, TyperGroup):
            for subcommand, sub in command.commands.items():
                assert isinstance(sub, TyperCommand)
                full = f"unabridged {name} {subcommand}"
                parts.append(f"\n## {full}\n\n```\n{_help(sub, full)}\n```\n")
            continue
        parts.append(f"\n## unabridged {name}\n\n```\n{_help(command, f'unabridged {name}')}\n```\n")
    return "".join(parts)


def _help(command: TyperCommand | TyperGroup, name: str) -> str:
    context = command.make_context(
        name, [], resilient_parsing=True, terminal_width=100, max_content_width=100
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).strip().splitlines())


def settings_page() -> str:
    """Return the reference of every setting."""
    rows = [f"| `{name}` | `{default}` | {text} |\n" for name, default, text in describe_settings()]
    return SETTINGS_HEAD + "".join(rows)


def openapi_page() -> str:
    """Return the description of the API, made from its routes."""
    return json.dumps(openapi_document(), indent=1, ensure_ascii=False) + "\n"


LLMS_HEAD = """# Unabridged

> Whole articles from any feed, with every version seen: full-text feeds, an archive, a reader, APIs for apps
> and programs. One Python program on SQLite or PostgreSQL.

Scripts and agents use the API /api/v1, described by [OpenAPI](reference/openapi.json), or `unabridged.client`
in Python; the command line prints JSON with `--json`.
"""

LLMS_SECTIONS = (
    ("Tutorial", "tutorial"),
    ("Reference", "reference"),
    ("How-to", "how-to"),
    ("Optional", "why"),
)
"""Section of llms.txt -> folder of its pages. Readers may leave "Optional" out (https://llmstxt.org/)."""


def llms_page() -> str:
    """Return the list of the documentation for language models, in the format of llmstxt.org."""
    sections = [
        f"## {name}\n\n" + "".join(_llms_line(page) for page in sorted((DOCS / folder).glob("*.md")))
        for name, folder in LLMS_SECTIONS
    ]
    return "\n".join((LLMS_HEAD, *sections))


def _llms_line(page: Path) -> str:
    """Return the link to a page: its title, and the first sentence of its text."""
    title, _, rest = page.read_text(encoding="utf-8").partition("\n")
    prose = re.sub(r"```.*?```|^[#!|>-][^\n]*$", "", rest, flags=re.DOTALL | re.MULTILINE)
    plain = re.sub(r"\[([^]]*)\]\([^)]*\)|[*`]", r"\1", " ".join(prose.split()))
    first = re.split(r"(?<=[.:])\s", plain, maxsplit=1)[0].rstrip(".:")
    return f"- [{title.removeprefix('# ')}]({page.relative_to(DOCS).as_posix()}): {first[:200]}.\n"


def code_map() -> str:
    """Return a table of every package, its purpose and its modules, from the source."""
    rows = []
    for folder in sorted({path.parent for path in SOURCE.rglob("*.py")}):
        purpose = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
        modules = ", ".join(
            path.stem for path in sorted(folder.glob("*.py")) if not path.stem.startswith("__")
        )
        name = folder.relative_to(SOURCE.parent).as_posix()
        if "versions" not in folder.relative_to(SOURCE).parts:
            rows.append(f"| `{name}` | {purpose.splitlines()[0]} | {modules} |\n")
    return "| folder | purpose | modules |\n|---|---|---|\n" + "".join(rows)


def contributing_page() -> str:
    """Return CONTRIBUTING.md with the map of the code as the source is now."""
    before, _, rest = CONTRIBUTING.read_text(encoding="utf-8").partition(MAP_BEGINS)
    return before + MAP_BEGINS + code_map() + MAP_ENDS + rest.partition(MAP_ENDS)[2]


def main() -> int:
    """Write the pages, or list those that are out of date."""
    stale = []
    pages = {
        REFERENCE / "cli.md": cli_page(),
        REFERENCE / "settings.md": settings_page(),
        REFERENCE / "openapi.json": openapi_page(),
        DOCS / "llms.txt": llms_page(),
        CONTRIBUTING: contributing_page(),
    }
    for path, text in pages.items():
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path))
    for name in stale:
        print(f"{name} is out of date: run python tools/docs.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
