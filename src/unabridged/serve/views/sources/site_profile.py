"""View-model of what was learnt about a site: its parts in words, their evidence, a trial on articles.
Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from unabridged.archive.records.sites import StoredProfile
from unabridged.extraction.sites.alarms import watch_from_json
from unabridged.extraction.sites.outcome import Trial
from unabridged.extraction.sites.profile import (
    DataPlace,
    FieldEvidence,
    NextPages,
    Place,
    RepeatedLine,
    SiteProfile,
    Template,
)
from unabridged.extraction.sites.written import from_json
from unabridged.model import Article
from unabridged.poll.extractor.suspect_pages import SiteAlarm, SuspectPages
from unabridged.serve.diff_child import VersionDiff
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, later, ngettext, sentences
from unabridged.serve.languages.reported import reported
from unabridged.serve.views import formatting
from unabridged.serve.views.formatting import counted
from unabridged.serve.views.lists import Moment
from unabridged.serve.views.sources.site_rules import MOST_PARTS, PreviewLine, PreviewView
from unabridged.text import diff
from unabridged.text.words import count_words
from unabridged.urls import host

SHOWN = 12
"""Elements left out, and repeated lines, that are shown without being asked for."""
FIELD_NAMES = {
    "title": later("Title"),
    "published": later("Published"),
    "authors": later("Authors"),
    "lead_image": later("Pictures"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntPart:
    """One thing that was learnt. names: selectors or texts; said: in words; evidence: for it."""

    names: tuple[str, ...] = ()
    said: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntGroup:
    """Things of one kind under a heading. more: how many are folded away."""

    title: str
    about: str
    parts: tuple[LearntPart, ...]
    more: tuple[LearntPart, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteView:
    """Profile of a site as shown. state: good, bad or idle; said: the state in a sentence, why: the reason.

    templates: (heading, groups) of each kind of page. known: something is stored about the site.
    """

    state: str
    said: str
    why: str
    facts: tuple[str, ...]
    templates: tuple[tuple[str, tuple[LearntGroup, ...]], ...] = ()
    pinned: bool = False
    known: bool = False
    learnt: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """A site with an alarm on the page Health. feed: whose settings show it. may_replay: offer that."""

    site: str
    feed: int
    what: str
    advice: str
    may_replay: bool
    is_suspect: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTrial:
    """One stored article read by the profile. trial: None if that failed; problem: the reason."""

    article_id: int
    before: Article
    trial: Trial | None = None
    compared: VersionDiff | None = None
    problem: str = ""


def hosts_of(urls: Iterable[str], otherwise: str) -> tuple[str, ...]:
    """Return the hosts of articles, the most frequent first. otherwise: an address, if there is none."""
    found = Counter(name for url in urls if (name := host(url)))
    return tuple(name for name, _ in found.most_common()) or (host(otherwise),)


def site_view(stored: StoredProfile | None, moment: Moment, *, learns: bool, has_rules: bool) -> SiteView:
    """Build the page of a site. learns: sites are learnt by themselves; has_rules: it has rules of its
    own."""
    profile = from_json(stored.body) if stored is not None and stored.body else None
    state, said, why = _state(stored, profile, learns=learns)
    if has_rules:
        rules = gettext("This site has rules of its own, which come before what was learnt.")
        why = sentences(why, rules) if why else rules
    return SiteView(
        state=state,
        said=said,
        why=why,
        facts=tuple(_facts(stored, profile, moment)),
        templates=tuple(_templates(profile)) if profile is not None else (),
        pinned=stored is not None and stored.pinned,
        known=stored is not None,
        learnt=profile is not None,
    )


def _state(
    stored: StoredProfile | None, profile: SiteProfile | None, *, learns: bool
) -> tuple[str, str, str]:
    if stored is None or profile is None:
        why = gettext("It takes three articles of this site that differ, and that have enough in common.")
        return "idle", gettext("Nothing was learnt about this site yet."), why
    if stored.alarm and not stored.pinned:
        why = gettext("{reason}. Nothing is lost: its pages are read without this until it is learnt again.")
        return "bad", gettext("The site was redesigned."), why.format(reason=_sentence(stored.alarm))
    if stored.pinned:
        why = gettext("{reason}.").format(reason=_sentence(stored.alarm)) if stored.alarm else ""
        said = gettext("Pinned: it is used for all new pages of this site, and is not learnt again.")
        return "bad" if stored.alarm else "good", said, why
    if not learns:
        why = gettext("The configuration says that sites are not learnt by themselves. Pin it to use it.")
        return "idle", gettext("Not in use."), why
    if not profile.templates:
        return "idle", gettext("In use in part: only sentences that stand on its pages are left out."), ""
    return "good", gettext("In use: new pages of this site are read by it."), ""


def _sentence(reason: str) -> str:
    words = reported(reason)
    return words[:1].upper() + words[1:]


def _facts(stored: StoredProfile | None, profile: SiteProfile | None, moment: Moment) -> Iterator[str]:
    if stored is None:
        return
    if stored.seen:
        yield counted("{n} page of this site was read.", "{n} pages of this site were read.", stored.seen)
    if profile is not None and stored.learnt is not None:
        when = formatting.relative_time(stored.learnt, moment.now, moment.zone)
        words = ngettext("Learnt from {n} page, {when}.", "Learnt from {n} pages, {when}.", profile.pages)
        yield words.format(n=number(profile.pages), when=when)
    watch = watch_from_json(stored.watch)
    if watch.compared:
        words = ngettext(
            "{n} page was read both with it and without it: {same} with the same text.",
            "{n} pages were read both with it and without it: {same} with the same text.",
            watch.compared,
        )
        yield words.format(n=number(watch.compared), same=number(watch.compared - watch.disagreed))


def _templates(profile: SiteProfile) -> Iterator[tuple[str, tuple[LearntGroup, ...]]]:
    several = len(profile.templates) > 1
    for place, template in enumerate(profile.templates, 1):
        heading = gettext("Pages of kind {n}").format(n=number(place)) if several else ""
        yield heading, tuple(_groups(template))
    if profile.lines:
        about = gettext("These sentences stand on its pages and belong to no article.")
        yield "", (_group(gettext("On every page"), about, map(_line, profile.lines)),)


def _groups(template: Template) -> Iterator[LearntGroup]:
    words = ngettext(
        "Agrees by {share} % with what is found without it, on {n} page.",
        "Agrees by {share} % with what is found without it, on {n} pages.",
        template.pages,
    )
    evidence = words.format(share=number(100 * template.fit), n=number(template.pages))
    length = gettext("Usually {usual} characters, between {shortest} and {longest}.").format(
        usual=number(template.characters),
        shortest=number(template.shortest),
        longest=number(template.longest),
    )
    if template.paragraphs_first:
        length = sentences(length, gettext("Short lines above the first paragraph are left out."))
    found = [LearntPart(names=template.body, said=length, evidence=evidence)]
    if template.data is not None:
        found.append(_data(template.data))
    yield _group(gettext("Text of the article"), gettext("It stands in these elements of the page."), found)
    fields = [_field(one) for one in template.fields]
    if fields:
        yield _group(gettext("Title, date and authors"), gettext("They are read from these places."), fields)
    if template.strip:
        about = gettext("These elements stand inside the text, but do not belong to it.")
        yield _group(gettext("Left out"), about, [_strip(*one) for one in _strips(template)])
    if template.next_pages:
        about = gettext("Long articles go on at these addresses.")
        yield _group(gettext("Next pages"), about, map(_next_pages, template.next_pages))
    for title, about, lines in _LINES:
        if found := getattr(template, lines):
            yield _group(gettext(title), gettext(about), map(_line, found))


def _right(agree: int, pages: int) -> str:
    words = ngettext("Right on {n} of {all} page.", "Right on {n} of {all} pages.", pages)
    return words.format(n=number(agree), all=number(pages))


def _data(place: DataPlace) -> LearntPart:
    said = gettext("Where a page shows less, the text is taken from the data of its scripts.")
    return LearntPart(names=(place.name,), said=said, evidence=_right(place.agree, place.pages))


def _next_pages(kind: NextPages) -> LearntPart:
    said = gettext("Addresses with “{form}” lead to the next page.")
    if kind.refused:
        said = gettext("Addresses with “{form}” lead to other articles.")
    names = (kind.selector,) if kind.selector else ()
    return LearntPart(names=names, said=said.format(form=kind.form), evidence=_right(kind.agree, kind.pages))


_LINES = (
    # heading, explanation, field of a template
    (later("Repeated lines"), later("These lines stand on many pages and are left out."), "lines"),
    (later("Repeated beginnings"), later("Lines that begin like these are left out."), "beginnings"),
    (later("Ends of articles"), later("What stands below these lines is left out."), "ends"),
)


def _group(title: str, about: str, parts: Iterable[LearntPart]) -> LearntGroup:
    found = tuple(parts)
    return LearntGroup(title=title, about=about, parts=found[:SHOWN], more=found[SHOWN:])


def _strips(template: Template) -> Iterator[tuple[str, int, float]]:
    return ((one.selector, one.pages, one.kept) for one in template.strip)


def _strip(selector: str, pages: int, kept: float) -> LearntPart:
    words = ngettext(
        "On {n} page; {share} % of its text belongs to the article.",
        "On {n} pages; {share} % of its text belongs to the articles.",
        pages,
    )
    return LearntPart(names=(selector,), evidence=words.format(n=number(pages), share=number(100 * kept)))


def _line(line: RepeatedLine) -> LearntPart:
    return LearntPart(
        said=" ".join(line.text.split()), evidence=counted("On {n} page.", "On {n} pages.", line.pages)
    )


def _field(one: FieldEvidence) -> LearntPart:
    said = f"{gettext(FIELD_NAMES[one.field])}: {_place(one.place)}"
    return LearntPart(said=said, evidence=_right(one.agree, one.pages))


_PLACES = {
    "meta": later("in the head of the page, “{name}”"),
    "json-ld": later("in the page’s data for search engines, “{name}”"),
    "page-title": later("in the title of the window"),
    "element": later("in the element {name}"),
    "declared": later("the first one that the head of the page declares"),
    "body": later("the declared one, else the first big one of the article"),
    "none": later("on no page"),
}


def _place(place: Place) -> str:
    name = f"{place.name} ({place.attribute})" if place.attribute else place.name
    said = [gettext(_PLACES[place.kind]).format(name=name)]
    said += [
        gettext("without “{text}”").format(text=text.strip())
        for text in (place.before, place.after)
        if text.strip()
    ]
    if place.form:
        said.append(gettext("written as {form}").format(form=place.form))
    return ", ".join(said)


def site_lines(alarms: Sequence[SiteAlarm], mine: frozenset[int]) -> tuple[SiteLine, ...]:
    """Build the lines of the page Health. mine: numbers of the person's feeds."""
    return tuple(
        _site_line(one, min(mine.intersection(one.feeds))) for one in alarms if mine.intersection(one.feeds)
    )


def _site_line(one: SiteAlarm, feed: int) -> SiteLine:
    suspect = bool(one.stored.alarm)
    if suspect:
        what = gettext("The site was redesigned. Its pages are read without what was learnt about it.")
    else:
        what = gettext("The site was redesigned, and was learnt again.")
    if suspect:
        what = sentences(what, gettext("{reason}.").format(reason=_sentence(one.stored.alarm)))
    return SiteLine(
        site=one.stored.site,
        feed=feed,
        what=what,
        advice=meanwhile(one.pages),
        may_replay=not suspect and one.pages is not None and not one.pages.replayed,
        is_suspect=suspect,
    )


def meanwhile(pages: SuspectPages | None) -> str:
    """Say how many articles were read while a profile was out of date; "" for none."""
    if pages is None:
        return ""
    words = ngettext(
        "While that was outdated, {n} article came; {old} of them read by it.",
        "While that was outdated, {n} articles came; {old} of them read by it.",
        pages.pages,
    ).format(n=number(pages.pages), old=number(pages.by_profile))
    return sentences(words, gettext("They were read again since.")) if pages.replayed else words


def trial_view(trials: Sequence[ProfileTrial]) -> PreviewView:
    """Build the preview of a profile on stored articles."""
    if not trials:
        return PreviewView(summary=gettext("No page of this site is stored yet."), lines=())
    read = sum(one.trial is not None and one.trial.by_profile for one in trials)
    words = ngettext(
        "{n} of {all} article would be read by it. Nothing is changed.",
        "{n} of {all} articles would be read by it. Nothing is changed.",
        len(trials),
    )
    summary = words.format(n=number(read), all=number(len(trials)))
    return PreviewView(summary=summary, lines=tuple(map(_trial_line, trials)))


def _trial_line(one: ProfileTrial) -> PreviewLine:
    trial, text = one.trial, ""
    verdict = one.problem
    if trial is not None:
        text = trial.part.article.text if trial.part is not None else ""
        why = ", ".join(reported(reason) for reason in trial.failed) or gettext("the texts differ too much")
        verdict = "" if trial.by_profile else gettext("It would be read without it: {why}.").format(why=why)
    parts = tuple(diff.collapse_unchanged(one.compared.text.paragraphs)) if one.compared else ()
    changed = any(isinstance(part, diff.Paragraph) for part in parts)
    kind = "failed" if verdict else ("better" if changed else "same")
    return PreviewLine(
        href=f"/a/{one.article_id}",
        title=one.before.title or one.before.url,
        kind=kind,
        words=_words(one.before.text, text) if trial is not None else "",
        verdict=verdict,
        warnings=(),
        fields=(),
        parts=parts[:MOST_PARTS] if changed else (),
        more=max(0, len(parts) - MOST_PARTS) if changed else 0,
    )


def _words(before: str, after: str) -> str:
    said = gettext("{before} words now, {after} by what was learnt; {share} % are the same")
    own, other = Counter(before.split()), Counter(after.split())
    whole = own.total() + other.total()
    share = 200 * (own & other).total() / whole if whole else 100
    return said.format(
        before=number(count_words(before)), after=number(count_words(after)), share=number(share)
    )
