"""Writes the generated reference pages: the command line's and the settings'.

python tools/docs.py           write docs/reference/cli.md and docs/reference/settings.md
python tools/docs.py --check   exit 1 where a page is not what would be written
"""

import os
import sys
from pathlib import Path

os.environ.update(NO_COLOR="1", COLUMNS="100", TERM="dumb")

import typer.main
from typer.core import TyperCommand, TyperGroup

from unabridged.cli.app import app, load_verb
from unabridged.config import describe_settings

REFERENCE = Path(__file__).resolve().parent.parent / "docs" / "reference"

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
| 6 | what was read is no page, or holds no article |
| 7 | a file to import or to write is at fault |
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
    for name in sorted(group.list_commands(None)):
        command = load_verb(name)
        if isinstance(command, TyperGroup):
            for verb, sub in command.commands.items():
                full = f"unabridged {name} {verb}"
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


def main() -> int:
    """Write the pages, or say which are out of date."""
    stale = []
    for name, text in {"cli.md": cli_page(), "settings.md": settings_page()}.items():
        path = REFERENCE / name
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(str(path))
    for path in stale:
        print(f"{path} is out of date: run python tools/docs.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
