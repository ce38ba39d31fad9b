"""The command `rules`: site rules in files, and what was learnt about sites from their pages."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Annotated

import typer

from unabridged.cli.commands.subscriptions import site_profiles
from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import host_name, read_file
from unabridged.cli.support.terminal import plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import RuleError
from unabridged.extraction import extract
from unabridged.extraction.rules.apply import RuleVerdict, judge_test
from unabridged.extraction.rules.model import RuleFile, SiteRules
from unabridged.extraction.rules.parse import file_names, parse_site_config
from unabridged.poll.extractor.site_rules import SiteRuleFolders

app = typer.Typer(
    help="Show, learn and edit what is known about the pages of a site.\n\n"
    "The pages of one site have their articles in the same place. This program learns these places from "
    "pages that it has stored (unless `learn = false` stands under [poll]), and reads new pages by them. "
    "Rules that you write come before what was learnt. They are FiveFilters site-config files "
    "(`example.org.txt`): XPath for body, title, author, date, and what to strip.\n\n\b\n"
    "unabridged rules list                          sites that are known\n"
    "unabridged rules show example.org              what was learnt, with its evidence\n"
    "unabridged rules test example.org              what it gives on the newest stored pages\n"
    "unabridged rules pin example.org               use it, and keep it as it is\n"
    "unabridged rules show example.org --site-config > example.org.txt\n"
    "unabridged rules edit example.org example.org.txt   the same as rules, after you changed them",
    no_args_is_help=True,
    add_completion=False,
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
    folders: Annotated[
        list[Path] | None, typer.Option("--rules", help="Folder of rule files; repeat for more.")
    ] = None,
    site_config: Annotated[
        bool, typer.Option("--site-config", help="Print what was learnt as site-config text.")
    ] = False,
    stored: Annotated[
        bool, typer.Option("--stored", help="Print the rules that `rules edit` or the reader stored.")
    ] = False,
) -> None:
    """Show what was learnt about a site, or its rules: stored ones, or with --rules those of files,
    merged."""
    cli = get_context(context)
    name = host_name(site)
    if site_config or stored:
        (site_profiles.print_site_config if site_config else site_profiles.print_rules)(cli, name)
        return
    if folders is None:
        with cli.archive() as archive:
            site_profiles.show_profile(cli, archive, name)
        return
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
    file: Annotated[
        Path, typer.Argument(help="A rule file with test_url and test_contains, or a site that was learnt.")
    ],
    pages: Annotated[
        list[str] | None, typer.Option("--page", help="Saved page of a test_url, in the order of the tests.")
    ] = None,
) -> None:
    """Try rules on saved pages, or what was learnt about a site on its stored pages.

    With a rule file, saved pages are extracted with it and searched for the text of its test_contains lines.
    With a site, its newest stored pages are read by what was learnt and the general way, and compared.

    \b
    unabridged rules test example.org.txt --page saved-1.html --page saved-2.html.gz
    unabridged rules test example.org

    The exit code is 0 if all tests pass, or all pages are read by what was learnt, else 1.
    """
    cli = get_context(context)
    if pages is None and not file.exists() and file.suffix != ".txt":
        if not site_profiles.try_on_pages(cli, host_name(str(file))):
            raise typer.Exit(1)
        return
    pages = pages or []
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


Site = Annotated[str, typer.Argument(help="A host or an address.")]


@app.command("learn")
def learn(context: typer.Context, site: Site) -> None:
    """Learn a site from its newest stored pages now, and show the result.

    This happens by itself while feeds are polled: at 2, 3, 5, 10 and 20 pages, then weekly, and when the site
    was redesigned.
    """
    site_profiles.learn_now(get_context(context), host_name(site))


@app.command("list")
def list_learnt(context: typer.Context) -> None:
    """List the sites that were learnt, and those that are suspect."""
    site_profiles.list_sites(get_context(context))


@app.command("export")
def export(context: typer.Context) -> None:
    """Write the profiles of all learnt sites to stdout, one a line, for `bulk --profiles`.

    \b
    unabridged rules export > sites.jsonl
    unabridged bulk crawl/ -o articles/ --profiles sites.jsonl
    """
    site_profiles.export(get_context(context))


@app.command("edit")
def edit(
    context: typer.Context,
    site: Site,
    file: Annotated[str, typer.Argument(help='A site-config file, or "-" for stdin; empty: no rules.')],
) -> None:
    """Store rules for a site in the archive, in place of those stored before.

    \b
    unabridged rules show example.org --site-config > example.org.txt
    …edit it…
    unabridged rules edit example.org example.org.txt
    """
    text = read_file(file).decode("utf-8", "replace")
    site_profiles.edit_rules(get_context(context), host_name(site), text)


@app.command("pin")
def pin(
    context: typer.Context,
    site: Site,
    off: Annotated[bool, typer.Option("--off", help="Let it be learnt again.")] = False,
) -> None:
    """Keep what was learnt about a site as it is, whatever its next pages say."""
    site_profiles.pin(get_context(context), host_name(site), pinned=not off)


@app.command("forget")
def forget(context: typer.Context, site: Site) -> None:
    """Delete what was learnt about a site; it is learnt again from its next pages."""
    site_profiles.forget(get_context(context), host_name(site))


commands = {"rules": app}
