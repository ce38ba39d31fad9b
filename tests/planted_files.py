"""Files that somebody left in a folder: each makes a mark when it is executed, imported or believed."""

import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

HOOKS = (
    "pre-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "post-index-change",
    "reference-transaction",
    "pre-auto-gc",
    "post-rewrite",
    "fsmonitor-watchman",
)
SETTINGS = (
    "core.fsmonitor",
    "core.sshCommand",
    "core.editor",
    "core.pager",
    "core.gitProxy",
    "core.askPass",
    "core.alternateRefsCommand",
    "diff.external",
    "diff.evil.command",
    "diff.evil.textconv",
    "filter.evil.clean",
    "filter.evil.smudge",
    "filter.evil.process",
    "gpg.program",
    "gpg.ssh.program",
    "gpg.ssh.defaultKeyCommand",
    "gc.recentObjectsHook",
    "uploadpack.packObjectsHook",
    "credential.helper",
    "merge.evil.driver",
    "trailer.evil.command",
    "hook.evil.command",
)
PROGRAMS = (
    "git gpg ssh sh bash env python python3 pg_dump psql less more pager vi editor uname ldconfig gcc cc ld "
    "objdump file which tput stty locale hostname id lscpu lsb_release xdg-open www-browser ray"
).split()
CONFIGURATIONS = (
    "unabridged.toml pyproject.toml setup.cfg alembic.ini .env .netrc .pgpass .pg_service.conf t2s.json "
    "TSPhrases.ocd2 TSCharacters.ocd2 openssl.cnf .gitconfig .pythonrc"
).split()

ENTRY = frozenset({"importlib", "contextlib", "warnings", "functools", "types", "collections", "keyword"}) | {
    "operator",
    "reprlib",
    "unabridged",
}
"""Modules that `python -m unabridged` imports from the current folder before anything of ours has run."""


def evil_program(folder: Path) -> tuple[Path, Path]:
    """Make a program, and return it with the file that it makes when it is executed."""
    mark = folder / "executed"
    program = folder / "evil"
    program.write_text(f"#!/bin/sh\necho $0 $* >> {mark}\nexit 1\n")
    program.chmod(0o755)
    return program, mark


def plant_repository(folder: Path, program: Path) -> None:
    """Name a program wherever a folder's repository can name one."""
    for name in HOOKS:
        shutil.copy(program, folder / ".git" / "hooks" / name)
    settings = "".join(f"{_section(name)}\n\t{name.rpartition('.')[2]} = {program}\n" for name in SETTINGS)
    settings += '[commit]\n\tgpgSign = true\n[filter "evil"]\n\trequired = true\n'
    settings += '[hook "evil"]\n\tevent = reference-transaction\n'
    with (folder / ".git" / "config").open("a") as config:
        config.write(settings)
    (folder / ".gitattributes").write_text("* filter=evil diff=evil merge=evil\n")
    (folder / ".git" / "info").mkdir(exist_ok=True)
    (folder / ".git" / "info" / "attributes").write_text("* filter=evil diff=evil\n")


def _section(name: str) -> str:
    first, _, rest = name.rpartition(".")[0].partition(".")
    return f'[{first} "{rest}"]' if rest else f"[{first}]"


def plant(folder: Path, program: Path, mark: Path) -> None:
    """Fill a folder with modules, programs, a repository and settings of somebody else."""
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "--quiet", "."], cwd=folder, check=True)
    plant_repository(folder, program)
    installed = {name for name in packages_distributions() if name.isidentifier()}
    ours = {path.stem for path in Path(sys.modules["unabridged"].__path__[0]).glob("*.py")}
    for name in (
        installed | ours | set(sys.stdlib_module_names) | {"sitecustomize", "usercustomize", "unabridged"}
    ):
        code = f"with open({str(mark)!r}, 'a') as mark:\n    mark.write(f'{{__name__}} {{__file__}}\\n')\n"
        (folder / f"{name}.py").write_text(code)
    for name in PROGRAMS:
        shutil.copy(program, folder / name)
    for name in CONFIGURATIONS:
        (folder / name).write_text("[nonsense]\nwrong = true\n")
