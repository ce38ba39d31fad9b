"""The command `rules`: check, show and test site rules."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import typer

from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import read_file
from unabridged.cli.support.terminal import plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import RuleError
from unabridged.extraction import extract
from unabridged.extraction.rules.apply import RuleVerdict, judge_test
from unabridged.extraction.rules.model import RuleFile, SiteRules
from unabridged.extraction.rules.parse import file_names, parse_site_config
from unabridged.poll.extractor.site_rules import SiteRuleFolders
from unabridged.urls import host as host_of

app = typer.Typer(
    help="Check site rules, show the rules of a site, test them on saved pages.\n\n"
    "Rules are FiveFilters site-config files (`example.org.txt`): XPath for body, title, author, date, "
    "and what to strip.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def rule_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the rule files of files and folders. Raises RuleError for a path that does not exist."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.txt"))
        elif path.is_file():
            yield path
        else:
            raise RuleError(f"There is no rule file or folder {path}.")


def read_rules(path: Path) -> RuleFile:
    """Parse a rule file."""
    return parse_site_config(path.read_text(encoding="utf-8", errors="replace"), file=path.name)


@app.command("lint")
def lint(
    context: typer.Context, paths: Annotated[list[Path], typer.Argument(help="Rule files or folders.")]
) -> None:
    """List the lines of rule files that have no effect, each with the reason.

    The exit code is 0 if every line is used, else 1.
    """
    cli = get_context(context)
    found = [(path, read_rules(path)) for path in rule_files(paths)]
    ignored = [line for _, file in found for line in file.ignored]
    if cli.json:
        cli.show_json([asdict(line) for line in ignored])
    else:
        for line in ignored:
            cli.stdout.print(plain(str(line)))
        for reason, count in Counter(line.reason for line in ignored).most_common():
            cli.info(f"{count:6} {reason}")
        cli.info(f"{len(found)} files read; {len(ignored)} lines are ignored.")
    if ignored:
        raise typer.Exit(1)


@app.command("show")
def show(
    context: typer.Context,
    site: Annotated[str, typer.Argument(help="A host or an address.")],
    folders: Annotated[list[Path], typer.Option("--rules", help="Folder of rule files; repeat for more.")],
) -> None:
    """Show the rules of a site, merged from all its files."""
    cli = get_context(context)
    name = host_of(site if "://" in site else f"//{site}")
    rules = SiteRuleFolders(folders).rules(f"https://{name}/")
    if rules is None:
        raise RuleError(
            f"No rules for {name}: none of {', '.join(file_names(name)[:-1])} is in the given folders."
        )
    given = {item.name: getattr(rules, item.name) for item in fields(rules)}
    if cli.json:
        cli.show_json({name: value for name, value in given.items() if value})
        return
    table = new_table("rule", "value")
    for key, value in given.items():
        for one in value if isinstance(value, tuple) else [value] if value is not None else []:
            table.add_row(key, plain(str(one)))
    cli.show_table(table)


@app.command("test")
def test(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A rule file with test_url and test_contains.")],
    pages: Annotated[
        list[str], typer.Option("--page", help="Saved page of a test_url, in the order of the tests.")
    ],
) -> None:
    """Extract saved pages with a rule file and look for the text of its test_contains lines.

    \b
    unabridged rules test example.org.txt --page saved-1.html --page saved-2.html.gz

    The exit code is 0 if all tests pass, else 1.
    """
    cli = get_context(context)
    rules = read_rules(next(rule_files([file]))).rules
    if not rules.tests:
        raise RuleError(f"{file} has no test_url line; there is nothing to test.")
    verdicts = [_verdict(rules, number, page) for number, page in enumerate(pages[: len(rules.tests)])]
    if cli.json:
        cli.show_json([asdict(verdict) for verdict in verdicts])
    for verdict in verdicts if not cli.json else ():
        style = "green" if verdict.passed else "red"
        cli.stdout.print(
            plain(f"{'ok  ' if verdict.passed else 'FAIL'} {verdict.words:6} words  {verdict.url}", style)
        )
        for missing in verdict.missing:
            cli.stdout.print(plain(f"     missing: {missing}"))
        for warning in verdict.warnings:
            cli.stdout.print(plain(f"     {warning}"))
    untested = len(rules.tests) - len(verdicts)
    if untested:
        cli.info(f"{untested} more test_url lines have no saved page.")
    if not all(verdict.passed for verdict in verdicts):
        raise typer.Exit(1)


def _verdict(rules: SiteRules, number: int, page: str) -> RuleVerdict:
    test_case = rules.tests[number]
    article = extract(read_file(page), url=test_case.url, rules=rules)
    return judge_test(test_case.url, test_case.contains, article.text, article.warnings)


commands = {"rules": app}
