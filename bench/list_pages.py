"""List pages with known items, made by a generator: layouts in many languages, and later visits to them."""

# ruff: noqa: E501 - HTML and words of languages

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HOME = "https://harbour.example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An item of a list. date: None where the layout shows none."""

    url: str
    title: str
    date: datetime | None
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """Words of a language, and how it writes a date. joined: words are written without spaces."""

    tag: str
    words: tuple[str, ...]
    months: tuple[str, ...]
    form: str
    more: str
    ago: str
    popular: str
    joined: bool = False


def _language(tag: str, words: str, months: str, form: str, more: str, ago: str, popular: str) -> Language:
    joined = tag in ("zh", "ja")
    return Language(
        tag=tag,
        words=tuple(words.split()),
        months=tuple(months.split()),
        form=form,
        more=more,
        ago=ago,
        popular=popular,
        joined=joined,
    )


LANGUAGES = (
    _language(
        "en",
        "harbour council approves new ferry timetable after storm closes bridge while mayor promises repairs "
        "school opens library residents protest against noise at night market trains return winter budget vote",
        "January February March April May June July August September October November December",
        "{d} {month} {y}",
        "Read more",
        "{n} hours ago",
        "Most read",
    ),
    _language(
        "de",
        "Stadtrat beschließt neuen Fahrplan für Fähren nach Sturm Brücke gesperrt Bürgermeisterin verspricht "
        "Sanierung Schule eröffnet Bibliothek Anwohner protestieren gegen Lärm am Nachtmarkt Züge fahren wieder",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "{d}. {month} {y}",
        "Weiterlesen",
        "vor {n} Stunden",
        "Meistgelesen",
    ),
    _language(
        "fr",
        "conseil municipal adopte nouveaux horaires des bacs après tempête pont fermé maire promet travaux école "
        "ouvre bibliothèque riverains protestent contre bruit marché nocturne trains reprennent hiver budget voté",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "{d} {month} {y}",
        "Lire la suite",
        "il y a {n} heures",
        "Les plus lus",
    ),
    _language(
        "es",
        "ayuntamiento aprueba nuevos horarios del transbordador tras temporal puente cerrado alcaldesa promete "
        "obras escuela abre biblioteca vecinos protestan contra ruido mercado nocturno trenes vuelven presupuesto",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "{d} de {month} de {y}",
        "Leer más",
        "hace {n} horas",
        "Lo más leído",
    ),
    _language(
        "ru",
        "городской совет утвердил новое расписание паромов после шторма мост закрыт мэр обещает ремонт школа "
        "открывает библиотеку жители протестуют против шума ночного рынка поезда возвращаются зимой бюджет",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "{d} {month} {y}",
        "Читать далее",
        "{n} часов назад",
        "Самое читаемое",
    ),
    _language(
        "zh",
        "市议会 通过 新的 渡轮 时刻表 风暴 过后 大桥 关闭 市长 承诺 维修 学校 图书馆 开放 居民 抗议 夜市 噪音 列车 恢复 冬季 预算 投票",
        " ".join(f"{n}月" for n in range(1, 13)),
        "{y}年{m}月{d}日",
        "阅读全文",
        "{n}小时前",
        "热门排行",
    ),
    _language(
        "ja",
        "市議会 新しい フェリー 時刻表 承認 嵐の後 橋が閉鎖 市長 修理を約束 学校 図書館 開館 住民 騒音に抗議 夜市 列車 再開 冬の予算 可決",
        " ".join(f"{n}月" for n in range(1, 13)),
        "{y}年{m}月{d}日",
        "続きを読む",
        "{n}時間前",
        "人気ランキング",
    ),
    _language(
        "ar",
        "مجلس المدينة يوافق على جدول جديد للعبارات بعد العاصفة إغلاق الجسر رئيسة البلدية تعد بالإصلاحات مدرسة تفتح "
        "مكتبة السكان يحتجون ضد الضوضاء السوق الليلي القطارات تعود الشتاء الميزانية",
        "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        "{d} {month} {y}",
        "اقرأ المزيد",
        "",
        "الأكثر قراءة",
    ),
    _language(
        "pl",
        "rada miasta zatwierdza nowy rozkład promów po burzy most zamknięty burmistrz obiecuje naprawy szkoła "
        "otwiera bibliotekę mieszkańcy protestują przeciw hałasowi nocnego targu pociągi wracają zimą budżet",
        "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
        "{d} {month} {y}",
        "Czytaj więcej",
        "{n} godz. temu",
        "Najczęściej czytane",
    ),
)


@dataclass(slots=True, kw_only=True)
class Maker:
    """Makes stories and pages of one language. draw: seeded."""

    language: Language
    draw: random.Random
    number: int = 0

    def title(self, least: int = 5, most: int = 10) -> str:
        """Return a headline of some words."""
        words = self.draw.choices(self.language.words, k=self.draw.randint(least, most))
        text = "".join(words) if self.language.joined else " ".join(words)
        return text[:1].upper() + text[1:]

    def story(self, age: timedelta, *, dated_address: bool = False) -> Story:
        """Return a new story. dated_address: its address holds its date."""
        self.number += 1
        at = NOW - age
        number = self.draw.randint(10_000, 99_999) * 10 + self.number % 10
        slug = f"{self.draw.choice(('council', 'ferry', 'bridge'))}-{self.draw.choice(('vote', 'storm'))}-{number}"
        path = f"{at:%Y/%m/%d}/{slug}" if dated_address else f"news/{slug}"
        return Story(url=f"{HOME}/{path}", title=self.title(), date=at, summary=self.title(14, 24) + ".")

    def stories(
        self, count: int, *, dated_address: bool = False, first: timedelta = timedelta(hours=30)
    ) -> list[Story]:
        """Return stories, the newest first."""
        ages = [first + timedelta(hours=31 * place) for place in range(count)]
        return [self.story(age, dated_address=dated_address) for age in ages]

    def date(self, at: datetime, form: str = "") -> str:
        """Return a date as the language writes it, or in a form."""
        month = self.language.months[at.month - 1]
        return (form or self.language.form).format(
            d=at.day, dd=f"{at.day:02}", m=at.month, mm=f"{at.month:02}", y=at.year, month=month
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A way to write a list. items: one HTML text for each story. around: the list in its page.

    dates: "shown", "address", "relative", "none". count: stories of a page.
    """

    name: str
    item: Callable[[Maker, Story, int], str]
    around: Callable[[str], str]
    dates: str = "shown"
    count: int = 14
    extras: Callable[[Maker], str] = lambda maker: ""
    ad: str = ""
    languages: tuple[str, ...] = ()


def _cards(maker: Maker, story: Story, place: int) -> str:
    return (
        f'<div class="card{" sticky" if place == 0 else ""}"><a class="pic" href="{story.url}"><img src="/i/{place}.jpg" alt=""></a>'
        f'<span class="cat"><a href="/category/town">{maker.title(1, 1)}</a></span><h2 class="card-title"><a href="{story.url}?utm_source=home">{story.title}</a></h2>'
        f'<span class="date">{maker.date(dated(story))}</span><p class="excerpt">{story.summary}</p>'
        f'<a class="more" href="{story.url}">{maker.language.more}</a></div>'
    )


def dated(story: Story) -> datetime:
    """Return the date of a story that has one."""
    assert story.date is not None
    return story.date


def _row(maker: Maker, story: Story, place: int) -> str:
    at = dated(story)
    return (
        f'<tr class="{"odd" if place % 2 else "even"}"><td>{at:%d/%m/%Y}</td><td><a href="{story.url}">{story.title}</a></td>'
        f'<td><a href="/authors/{place % 3}">{maker.title(2, 2)}</a></td></tr>'
    )


def _plain(maker: Maker, story: Story, place: int) -> str:
    return f'<li><a href="{story.url}">{story.title}</a> <span>[{dated(story):%Y-%m-%d}]</span></li>'


def _numbered(maker: Maker, story: Story, place: int) -> str:
    return f"<li>{maker.date(dated(story))}: <a href='{story.url}'>{story.title}</a></li>"


def _definition(maker: Maker, story: Story, place: int) -> str:
    return f"<dt><a href='{story.url}'>{story.title}</a></dt><dd>{maker.date(dated(story))} – {story.summary}</dd>"


def _flat(maker: Maker, story: Story, place: int) -> str:
    return f"<h3><a href='{story.url}'>{story.title}</a></h3><p class='meta'>{maker.date(dated(story))}</p><p>{story.summary}</p>"


def _module(maker: Maker, story: Story, place: int) -> str:
    return (
        f'<a class="Teaser_root__x7Fq2" href="{story.url}"><img src="/i/{place}.jpg"><span class="Teaser_kicker__aB3cD">{maker.title(1, 2)}</span>'
        f'<span class="Teaser_headline__kL9mN">{story.title}</span><span class="Teaser_text__pQ4rS">{story.summary}</span>'
        f'<time class="Teaser_time__zY8xW" datetime="{dated(story):%Y-%m-%dT%H:%M:%SZ}">{maker.date(dated(story))}</time></a>'
    )


def _hashed(maker: Maker, story: Story, place: int) -> str:
    return (
        f'<div class="css-1a2b3c"><div class="sc-fzoLsD"><a class="css-9z8y7x" href="{story.url}"><h3 class="css-4d5e6f">{story.title}</h3></a>'
        f'<div class="css-7g8h9i">{story.summary}</div><time datetime="{dated(story):%Y-%m-%d}">{maker.date(dated(story))}</time></div></div>'
    )


def _undated(maker: Maker, story: Story, place: int) -> str:
    return f'<div class="teaser"><h3><a href="{story.url}">{story.title}</a></h3><p>{story.summary}</p></div>'


def _blog(maker: Maker, story: Story, place: int) -> str:
    kind = maker.draw.choice(("news", "sport", "culture"))
    return (
        f'<article id="post-{4000 + place}" class="post-{4000 + place} post type-post category-{kind} tag-{kind}{" sticky" if not place else ""}">'
        f'<header class="entry-header"><h2 class="entry-title"><a href="{story.url}" rel="bookmark">{story.title}</a></h2>'
        f'<div class="entry-meta"><time class="entry-date published" datetime="{dated(story):%Y-%m-%dT%H:%M:%S+00:00}">{maker.date(dated(story))}</time>'
        f'<time class="updated" datetime="{NOW:%Y-%m-%dT%H:%M:%S+00:00}"></time> <a href="/author/{kind}">{maker.title(2, 2)}</a></div></header>'
        f'<div class="entry-summary"><p>{story.summary} <a class="more-link" href="{story.url}">{maker.language.more}</a></p></div></article>'
    )


def _threads(maker: Maker, story: Story, place: int) -> str:
    return (
        f'<tr class="athing"><td class="rank">{place + 1}.</td><td class="title"><span class="titleline"><a href="{story.url}">{story.title}</a></span></td></tr>'
        f'<tr><td></td><td class="subtext"><span class="score">{place * 7 + 3} points</span> <span class="age" title="{dated(story):%Y-%m-%dT%H:%M:%S}">'
        f'<a href="/item?id={place}">{maker.date(dated(story))}</a></span></td></tr><tr class="spacer"></tr>'
    )


def _unlinked(maker: Maker, story: Story, place: int) -> str:
    return (
        f'<div class="news-box"><h4>{story.title}</h4><div class="when">{maker.date(dated(story))}</div><p>{story.summary}</p>'
        f'<a class="btn" href="{story.url}">{maker.language.more}</a></div>'
    )


def _short_day(maker: Maker, story: Story, place: int) -> str:
    shown = story.title[:14] + "…" if len(story.title) > 16 else story.title
    return f'<li><span class="fr">{dated(story):%m-%d}</span><a title="{story.title}" href="{story.url}">{shown}</a></li>'


def _relative(maker: Maker, story: Story, place: int) -> str:
    hours = round((NOW - dated(story)).total_seconds() / 3600)
    return (
        f'<li class="item"><a class="item__link" href="{story.url}"><h3 class="item__title">{story.title}</h3></a>'
        f'<div class="item__meta">{maker.language.ago.format(n=hours)}</div></li>'
    )


def _american(maker: Maker, story: Story, place: int) -> str:
    return (
        f'<div class="views-row"><div class="views-field-title"><a href="{story.url}">{story.title}</a></div>'
        f'<div class="views-field-created">{dated(story):%m/%d/%Y}</div></div>'
    )


def _with_footer(text: str) -> str:
    links = "".join(f'<a href="/page/{n}">{n}</a>' for n in range(2, 9))
    return f'{text}<div class="pages">{links}</div>'


def _popular(maker: Maker) -> str:
    rows = "".join(
        f'<li><a href="{one.url}">{one.title}</a></li>' for one in maker.stories(6, first=timedelta(days=9))
    )
    return f"<div class='c3'><div class='c3h'>{maker.language.popular}</div><ul class='c3l'>{rows}</ul></div>"


def _services(maker: Maker) -> str:
    draw = random.Random(f"services {maker.language.tag}")
    fixed = Maker(language=maker.language, draw=draw)
    rows = "".join(
        f'<div class="tile"><h3><a href="/service/how-to-apply-{n}">{fixed.title(6, 9)}</a></h3><p>{fixed.title(12, 18)}</p></div>'
        for n in range(9)
    )
    return f'<div class="tiles">{rows}</div>'


_OWN_AD = '<div class="card ad"><h2 class="card-title"><a href="/sponsored/holiday-offers-{n}">Holiday offers for the whole family {n}</a></h2></div>'
_ROW_AD = '<li class="item"><a class="item__link" href="https://ads.example/c?{n}"><h3 class="item__title">Cheap loans in five minutes, today only</h3></a></li>'

LAYOUTS = (
    Layout(name="cards", item=_cards, around=lambda text: _with_footer(f'<div class="grid">{text}</div>')),
    Layout(
        name="cards with ads", item=_cards, around=lambda text: f'<div class="grid">{text}</div>', ad=_OWN_AD
    ),
    Layout(
        name="table", item=_row, around=lambda text: f"<table><tr><th>A</th><th>B</th></tr>{text}</table>"
    ),
    Layout(
        name="plain list",
        item=_plain,
        around=lambda text: f"<div class='box'><ul>{text}</ul></div>",
        count=25,
    ),
    Layout(name="numbered list", item=_numbered, around=lambda text: f"<ol>{text}</ol>"),
    Layout(name="definition list", item=_definition, around=lambda text: f"<dl class='news'>{text}</dl>"),
    Layout(name="headings in a row", item=_flat, around=lambda text: f"<div id='content'>{text}</div>"),
    Layout(
        name="module classes", item=_module, around=lambda text: f'<div class="List_list__q1W2e">{text}</div>'
    ),
    Layout(
        name="hashed classes",
        item=_hashed,
        around=lambda text: f'<main><div class="css-0p9o8i">{text}</div></main>',
    ),
    Layout(
        name="date in the address",
        item=_undated,
        around=lambda text: f"<section>{text}</section>",
        dates="address",
    ),
    Layout(name="no dates", item=_undated, around=lambda text: f"<section>{text}</section>", dates="none"),
    Layout(
        name="blog", item=_blog, around=lambda text: _with_footer(f'<main id="main">{text}</main>'), count=10
    ),
    Layout(
        name="threads",
        item=_threads,
        around=lambda text: f"<table><tr><td><table>{text}</table></td></tr></table>",
    ),
    Layout(
        name="unlinked headlines",
        item=_unlinked,
        around=lambda text: f'<div class="boxes">{text}</div>',
        count=8,
    ),
    Layout(
        name="days without years",
        item=_short_day,
        around=lambda text: f"<ul class='nlist'>{text}</ul>",
        count=20,
    ),
    Layout(
        name="ages with ads",
        item=_relative,
        around=lambda text: f"<ul class='items'>{text}</ul>",
        dates="relative",
        ad=_ROW_AD,
        languages=("en", "de", "fr", "es", "ru", "zh", "ja", "pl"),
    ),
    Layout(
        name="month first",
        item=_american,
        around=lambda text: f"<div class='view'>{text}</div>",
        languages=("en",),
    ),
    Layout(
        name="beside most read",
        item=_undated,
        around=lambda text: f"<div class='c1'>{text}</div>",
        extras=_popular,
        dates="none",
    ),
    Layout(
        name="below services",
        item=_plain,
        around=lambda text: f"<div class='box'><ul>{text}</ul></div>",
        extras=_services,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePage:
    """A page with its true items, in order."""

    name: str
    html: bytes
    url: str
    truth: tuple[Story, ...]


def _page(maker: Maker, layout: Layout, body: str) -> bytes:
    tag = maker.language.tag
    menu = "".join(f'<li><a href="/section/{n}">{maker.language.words[n]}</a></li>' for n in range(8))
    head = f'<html lang="{tag}"{" dir=rtl" if tag == "ar" else ""}><head><meta charset="utf-8"><title>Harbour</title></head>'
    foot = '<footer><a href="/imprint">Imprint and privacy policy</a><a href="/terms">Terms of use and cookies</a></footer>'
    return f"{head}<body><div class='top'><ul class='m'>{menu}</ul></div>{body}{foot}</body></html>".encode()


def written(maker: Maker, layout: Layout, stories: Sequence[Story]) -> MadePage:
    """Return the page of some stories in a layout."""
    pieces = []
    for place, story in enumerate(stories):
        pieces.append(layout.item(maker, story, place))
        if layout.ad and place % 5 == 2:
            pieces.append(layout.ad.format(n=place))
    listed = layout.around("".join(pieces))
    extras = layout.extras(maker)
    body = extras + listed if layout.extras is _services else f"<div class='wrap'>{listed}{extras}</div>"
    truth = tuple(stories if layout.dates != "none" else (replace(one, date=None) for one in stories))
    name = f"{layout.name} · {maker.language.tag}"
    return MadePage(name=name, html=_page(maker, layout, body), url=f"{HOME}/", truth=truth)


def makers(seed: int) -> list[tuple[Maker, Layout]]:
    """Return a maker for every layout in every language that has it."""
    return [
        (Maker(language=language, draw=random.Random(f"{seed} {layout.name} {language.tag}")), layout)
        for layout in LAYOUTS
        for language in LANGUAGES
        if not layout.languages or language.tag in layout.languages
    ]


def first_stories(maker: Maker, layout: Layout) -> list[Story]:
    """Return the stories of a layout's first page."""
    return maker.stories(layout.count, dated_address=layout.dates == "address")


def later_stories(
    maker: Maker, layout: Layout, stories: Sequence[Story], *, shuffled: bool = True
) -> list[Story]:
    """Return the stories of a later visit: new ones first, some gone, an old one pinned, some in another order."""
    new = [
        maker.story(timedelta(hours=hours), dated_address=layout.dates == "address") for hours in (1, 4, 9)
    ]
    rest = [one for place, one in enumerate(stories[:-2]) if place not in (3, 6)]
    if shuffled:
        first, second = rest[1:4], rest[4:]
        rest = [rest[0], *reversed(first), *second]
    return [rest[-1], *new, *rest[:-1]]
