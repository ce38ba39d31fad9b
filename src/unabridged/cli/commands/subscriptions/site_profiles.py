"""Commands of `rules` on what was learnt about a site: learn, list, show, export, edit, test, pin, forget."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.sites import HeldPage, StoredProfile
from unabridged.cli.support.context import CliContext
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.streams import write_json, write_text
from unabridged.cli.support.terminal import plain
from unabridged.cli.support.terminal import table as new_table
from unabridged.errors import ExtractError, NotFound, RuleError
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.rules.parse import is_harmless, parse_site_config
from unabridged.extraction.sites.alarms import NEWEST, watch_from_json
from unabridged.extraction.sites.choose import try_profile
from unabridged.extraction.sites.outcome import Trial
from unabridged.extraction.sites.profile import SiteProfile, Template
from unabridged.extraction.sites.written import (
    described_data,
    described_next,
    from_json,
    to_json,
    to_site_config,
)
from unabridged.poll.extractor.pool import ThreadExtractor
from unabridged.poll.extractor.suspect_pages import suspect_pages
from unabridged.poll.pages.site_learning import learn_site


def known_site(archive: Archive, site: str) -> str:
    """Return the site as it is known: with or without "www.", whichever something is stored about."""
    other = site.removeprefix("www.") if site.startswith("www.") else f"www.{site}"
    if archive.sites.profile(site) is None and archive.sites.profile(other) is not None:
        return other
    return site


def stored_profile(archive: Archive, site: str) -> StoredProfile:
    """Return what is stored about a site. Raises NotFound."""
    stored = archive.sites.profile(site)
    if stored is not None:
        return stored
    if archive.sites.newest_pages(site, 1):
        raise NotFound(
            f"Nothing was learnt about {site} yet. `unabridged rules learn {site}` learns it from the "
            "pages that are stored."
        )
    raise NotFound(
        f"Nothing is known about {site}: no page of it was read from a feed. "
        "`unabridged rules list` lists the sites that are known."
    )


def learnt_profile(archive: Archive, site: str) -> tuple[StoredProfile, SiteProfile]:
    """Return the profile of a site as stored and as a record. Raises NotFound."""
    stored = stored_profile(archive, site)
    profile = from_json(stored.body) if stored.body else None
    if profile is None:
        raise NotFound(
            f"Nothing was learnt about {site} from {stored.seen} pages: they are too few, or have too little "
            "in common. Its pages are extracted the general way."
        )
    return stored, profile


def learn_now(cli: CliContext, site: str) -> None:
    """Learn a site from its stored pages now, and show the result. Raises NotFound."""
    now = datetime.now(UTC)
    with cli.archive() as archive:
        if not archive.sites.newest_pages(site, 1):
            raise NotFound(
                f"No page of {site} from a feed is stored: there is nothing to learn from. "
                "`unabridged add` subscribes to a feed; `unabridged rules list` lists the known sites."
            )
        stored = archive.sites.profile(site) or StoredProfile(site=site)
        if stored.pinned:
            raise RuleError(f"{site} is pinned: `unabridged rules pin {site} --off` lets it be learnt again.")
        run_async(learn_site(archive, ThreadExtractor(), stored, now))
        show_profile(cli, archive, site)
        if not cli.settings.poll.learn:
            cli.info(
                "It is not used, because the settings have `learn = false` under [poll]: "
                f"`unabridged rules pin {site}` uses it all the same."
            )


def list_sites(cli: CliContext) -> None:
    """Print the sites that something is known about."""
    with cli.archive() as archive:
        known = archive.sites.profiles()
    rows = [(stored, from_json(stored.body) if stored.body else None) for stored in known]
    if cli.json:
        cli.show_json([_site_json(*row) for row in rows])
        return
    if not rows:
        cli.info(
            "No site is known yet. Sites are learnt while feeds are polled, unless `learn = false` stands "
            "under [poll]; `unabridged rules learn SITE` learns one now."
        )
        return
    right = ("read", "learnt from", "agrees")
    table = new_table("site", *right, "state", right=right)
    for stored, profile in rows:
        pages, fit = ("", "") if profile is None else (str(profile.pages), _fit(profile))
        table.add_row(plain(stored.site), str(stored.seen), pages, fit, plain(_state(stored, profile)))
    cli.show_table(table)


def export(cli: CliContext) -> None:
    """Write the profiles in use to stdout as JSON lines. Raises NotFound if there are none."""
    with cli.archive() as archive:
        known = archive.sites.profiles()
    usable = [stored for stored in known if stored.body and (stored.pinned or not stored.alarm)]
    profiles = [profile for stored in usable if (profile := from_json(stored.body)) is not None]
    if not profiles:
        raise NotFound("No site was learnt yet. `unabridged rules list` shows which pages were read.")
    write_json(b"".join(to_json(profile).encode() + b"\n" for profile in profiles))


def _fit(profile: SiteProfile) -> str:
    return f"{max((template.fit for template in profile.templates), default=0):.0%}"


def _state(stored: StoredProfile, profile: SiteProfile | None) -> str:
    if stored.alarm:
        return f"suspect: {stored.alarm}"
    if stored.pinned:
        return "pinned"
    if profile is None:
        return "not learnt"
    return "in use" if profile.templates else "repeated lines only"


def _site_json(stored: StoredProfile, profile: SiteProfile | None) -> dict[str, object]:
    return {
        "site": stored.site,
        "seen": stored.seen,
        "learnt": stored.learnt,
        "pinned": stored.pinned,
        "alarm": stored.alarm,
        "alarmed": stored.alarmed,
        "profile": json.loads(stored.body) if profile is not None else None,
    }


def show_profile(cli: CliContext, archive: Archive, site: str) -> None:
    """Print what was learnt about a site, with its evidence. Raises NotFound."""
    site = known_site(archive, site)
    stored, profile = learnt_profile(archive, site)
    if cli.json:
        cli.show_json(_site_json(stored, profile))
        return
    table = new_table("", "what", "evidence")
    for number, template in enumerate(profile.templates, 1):
        for name, what, evidence in _template_rows(template):
            table.add_row(f"{number} {name}", plain(what), plain(evidence))
    for line in profile.lines:
        table.add_row("every page", plain(line.text), f"on {line.pages} pages")
    cli.show_table(table)
    learnt = stored.learnt.strftime("%Y-%m-%d %H:%M UTC") if stored.learnt else "never"
    cli.info(f"{site}: {_state(stored, profile)}; learnt {learnt} from {profile.pages} pages.")
    watch = watch_from_json(stored.watch)
    if watch.compared:
        same = watch.compared - watch.disagreed
        cli.info(f"{watch.compared} pages were read both with it and without it: {same} with the same text.")
    if archive.feeds.site_rules().get(_rule_name(site), "").strip():
        cli.info(f"It has stored rules, which come before: `unabridged rules show {site} --stored`.")
    pages = suspect_pages(archive, stored, datetime.now(UTC))
    if pages is not None and not pages.replayed:
        came = f"While it was out of date, {pages.pages} articles came"
        cli.info(
            f"{came}; {pages.by_profile} of them were read by it. "
            + (f"`unabridged replay {pages.options}` extracts these again." if not stored.alarm else "")
        )


def _template_rows(template: Template) -> Iterator[tuple[str, str, str]]:
    length = f"{template.characters:,} characters ({template.shortest:,} to {template.longest:,})"
    yield "length", length, f"{template.pages} pages"
    if template.body:
        yield "body", ", ".join(template.body), f"agrees by {template.fit:.0%}"
    if (data := template.data) is not None:
        evidence = f"agrees on {data.agree} of {data.pages} pages, taken on {data.used}"
        yield "text in data", described_data(data), evidence
    for item in template.strip:
        yield "left out", item.selector, f"on {item.pages} pages; {item.kept:.0%} of it in articles"
    for field in template.fields:
        place = field.place
        where = " ".join(filter(None, (place.kind, place.name, place.attribute and f"@{place.attribute}")))
        yield field.field, where, f"right on {field.agree} of {field.pages} pages"
    for kind in template.next_pages:
        yield "next page", described_next(kind), f"on {kind.agree} of {kind.pages} pages"
    if template.paragraphs_first:
        yield "left out", "short lines above the first paragraph", f"{template.pages} pages"
    for name, lines in (
        ("line left out", template.lines),
        ("lines that begin so", template.beginnings),
        ("nothing below", template.ends),
    ):
        for line in lines:
            yield name, line.text, f"on {line.pages} pages"


def print_site_config(cli: CliContext, site: str) -> None:
    """Print what was learnt about a site as site-config text. Raises NotFound."""
    with cli.archive() as archive:
        _, profile = learnt_profile(archive, site)
    write_text(to_site_config(profile).encode())


def _rule_name(site: str) -> str:
    return f"{site.removeprefix('www.')}.txt"


def print_rules(cli: CliContext, site: str) -> None:
    """Print the rules of a site that are stored in the archive. Raises NotFound."""
    with cli.archive() as archive:
        text = archive.feeds.site_rules().get(_rule_name(site), "")
    if not text.strip():
        raise NotFound(f"No rules of {site} are stored. `unabridged rules edit {site} FILE` stores some.")
    write_text((text if text.endswith("\n") else f"{text}\n").encode())


def edit_rules(cli: CliContext, site: str, text: str) -> None:
    """Store a text as the rules of a site, which come before what was learnt. Raises RuleError."""
    name = _rule_name(site)
    ignored = [line for line in parse_site_config(text, file=name).ignored if not is_harmless(line)]
    if ignored:
        raise RuleError("Nothing was stored. " + "; ".join(map(str, ignored[:5])))
    with cli.archive() as archive:
        archive.feeds.set_site_rules(name, text, now=datetime.now(UTC))
    cli.info(
        f"The rules of {site} are stored; they come before what was learnt."
        if text.strip()
        else f"The rules of {site} are deleted; its pages are read by what was learnt."
    )


def try_on_pages(cli: CliContext, site: str) -> bool:
    """Read the newest stored pages of a site by its profile and the general way, and print how they compare.

    Returns whether all pages are read by the profile. Raises NotFound.
    """
    with cli.archive() as archive:
        site = known_site(archive, site)
        _, profile = learnt_profile(archive, site)
        pages = archive.sites.newest_pages(site, NEWEST)
    if not pages:
        raise NotFound(f"No page of {site} from a feed is stored: there is nothing to try it on.")
    trials = [(page.url, trial) for page in pages if (trial := _trial(page, profile)) is not None]
    if cli.json:
        cli.show_json([_trial_json(*row) for row in trials])
    else:
        _print_trials(cli, trials)
    return all(trial.by_profile for _, trial in trials)


def _trial(page: HeldPage, profile: SiteProfile) -> Trial | None:
    try:
        return try_profile(
            ExtractRequest(html=page.html, url=page.url, content_type=page.content_type), profile
        )
    except ExtractError:
        return None


def _trial_json(url: str, trial: Trial) -> dict[str, object]:
    return {
        "url": url,
        "words": trial.words,
        "general_words": trial.general_words,
        "alike": trial.alike,
        "by_profile": trial.by_profile,
        "failed": trial.failed,
    }


def _print_trials(cli: CliContext, trials: Sequence[tuple[str, Trial]]) -> None:
    table = new_table("page", "words", "general", "alike", "result", right=("words", "general", "alike"))
    for url, trial in trials:
        result = "; ".join(trial.failed) or ("by profile" if trial.by_profile else "the general way")
        words = (str(trial.words), str(trial.general_words), f"{trial.alike:.0%}")
        table.add_row(plain(url), *words, plain(result))
    cli.show_table(table)
    by_profile = sum(trial.by_profile for _, trial in trials)
    cli.info(
        f"{by_profile} of {len(trials)} pages are read by what was learnt; the others the general way. "
        "words: by what was learnt; general: without it; alike: words that both have."
    )


def pin(cli: CliContext, site: str, *, pinned: bool) -> None:
    """Keep what was learnt about a site, or let it be learnt again. Raises NotFound."""
    with cli.archive() as archive:
        site = known_site(archive, site)
        (learnt_profile if pinned else stored_profile)(archive, site)
        archive.sites.pin(site, pinned=pinned)
    said = (
        "pinned: it is used for new pages, and is not learnt again"
        if pinned
        else "learnt again from new pages"
    )
    cli.info(f"{site} is {said}.")


def forget(cli: CliContext, site: str) -> None:
    """Delete what was learnt about a site. Raises NotFound."""
    with cli.archive() as archive:
        site = known_site(archive, site)
        stored_profile(archive, site)
        archive.sites.forget(site)
    cli.info(f"What was learnt about {site} is deleted. Its next pages teach it again.")
