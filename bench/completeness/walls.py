"""Made pages that stand in an article's place: consent walls, bot checks, refusals, log-ins, shells, 404.

A consent wall has the structure that the usual consent platforms write (names of their elements, buttons as
buttons, links or inputs), with our own texts.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from bench.completeness.words import LANGUAGES
from unabridged.model import CompletenessKind

Words = Mapping[str, Any]
SITE = "The Harbour Post"


def _page(title: str, body: str, head: str = "") -> str:
    return (
        f"<!doctype html><html><head><meta charset=utf-8><title>{escape(title)}</title>{head}</head>"
        f"<body>{body}</body></html>"
    )


def _consent(text: Words) -> tuple[str, str, str]:
    title, first, second = (escape(part) for part in text["consent"])
    return title, first, second


# ---- consent -----------------------------------------------------------------------------------


def consent_layer(text: Words) -> str:
    """Return a page whose only text is the layer of a consent platform; the article was not sent."""
    title, first, second = _consent(text)
    buttons = "".join(
        f"<button id='ot-{n}'>{escape(text[name])}</button>"
        for n, name in enumerate(("settings", "reject", "accept"))
    )
    body = (
        "<div id='onetrust-consent-sdk'><div id='onetrust-banner-sdk' role='dialog'>"
        f"<h2 id='onetrust-policy-title'>{title}</h2><div id='onetrust-policy-text'>{first} {second} "
        f"<a href='/privacy'>{escape(text['privacy'])}</a></div><div "
        f"id='onetrust-button-group'>{buttons}</div></div></div>"
    )
    return _page(SITE, body)


def consent_pay(text: Words) -> str:
    """Return a wall that offers reading with tracking or a paid subscription without it."""
    title, first, second = _consent(text)
    body = (
        f"<div class='sp_message_container'><div class='message-component'><p class='headline'>{title}</p>"
        f"<div class='cols'><div><p>{first}</p><button title='x' "
        f"class='sp_choice_type_11'>{escape(text['accept'])}</button>"
        f"</div><div><p>{second}</p><a class='sp_choice_type_9' "
        f"href='/pur'>{escape(text['pay'])}</a></div></div>"
        f"<p><a href='/i'>{escape(text['imprint'])}</a> <a "
        f"href='/p'>{escape(text['privacy'])}</a></p></div></div>"
    )
    return _page(f"{SITE} - {text['consent'][0]}", body)


def consent_form(text: Words) -> str:
    """Return a portal's own consent page: a form that is posted, inputs as buttons, on a host of its own."""
    title, first, second = _consent(text)
    inputs = "".join(
        f"<input type=submit name=agree value='{escape(text[name])}'>" for name in ("accept", "reject")
    )
    body = (
        f"<div class='consent-page'><h1>{title}</h1><form method=post action='/collectConsent'><p>{first}</p>"
        f"<p>{second}</p>{inputs}<a href='/options'>{escape(text['settings'])}</a></form></div>"
    )
    return _page(title, body)


def consent_dialog(text: Words) -> str:
    """Return the dialog of a consent platform over an empty page, with switches for purposes."""
    title, first, second = _consent(text)
    rows = "".join(f"<li><label><input type=checkbox> Cookies {n}</label></li>" for n in range(1, 4))
    body = (
        "<div id='app'></div><div id='didomi-host'><div class='didomi-popup-container' role='alertdialog'>"
        f"<div "
        f"class='didomi-popup-notice-text'><h1>{title}</h1><p>{first}</p><p>{second}</p><ul>{rows}</ul></div>"
        f"<a role='button' "
        f"href='#'>{escape(text['reject'])}</a><button>{escape(text['accept'])}</button></div></div>"
    )
    return _page(SITE, body)


def consent_with_menu(text: Words) -> str:
    """Return a consent wall inside the site's frame: menu and footer are there, the article is not."""
    title, first, second = _consent(text)
    menu = "".join(f"<a href='/{name}'>{escape(text[name])}</a> " for name in ("home", "news", "sport"))
    body = (
        f"<header>{menu}</header><div id='CybotCookiebotDialog'><div "
        f"id='CybotCookiebotDialogBody'><h2>{title}</h2>"
        f"<div>{first}</div><div>{second}</div><button>{escape(text['reject'])}</button><button>{escape(text['accept'])}"
        f"</button></div></div><footer><a href='/i'>{escape(text['imprint'])}</a> © {SITE}</footer>"
    )
    return _page(f"{text['live'][0]} | {SITE}", body)


# ---- refusals ----------------------------------------------------------------------------------


def bot_check(text: Words) -> str:
    """Return a browser check with a challenge form."""
    title, body, button = (escape(part) for part in text["bot"])
    return _page(
        title,
        f"<div class='main-wrapper'><h1>news.example</h1><h2>{title}</h2><p>{body}</p>"
        f"<form id='challenge-form' action='/cdn-cgi/challenge'><label><input type=checkbox> "
        f"{button}</label></form>"
        "<noscript><p>Enable JavaScript and cookies to continue</p></noscript>"
        "<div class='footer'>Ray ID: 8f2c1602ab</div></div><script "
        "src='/cdn-cgi/challenge-platform/h/b.js'></script>",
    )


def bot_plain(text: Words) -> str:
    """Return a bot check under the site's own name, without a vendor's names."""
    _, body, button = (escape(part) for part in text["bot"])
    return _page(SITE, f"<div><img src='/logo.svg'><p>{body}</p><button>{button}</button></div>")


def bot_frame(text: Words) -> str:
    """Return a page that holds only the frame of a captcha."""
    return _page(
        "news.example",
        "<p id='cmsg'></p><script>var dd={'rt':'c','cid':'AHrlqAAAA','host':'geo.captcha.example'}</script>"
        f"<iframe src='https://geo.captcha.example/captcha/?cid=1' "
        f"title='{escape(text['bot'][2])}'></iframe>",
    )


def incident(text: Words) -> str:
    """Return a firewall's page with an incident number in a frame."""
    return _page(
        "",
        "<iframe id='main-iframe' src='/_Incapsula_Resource?CWUDNSAI=9' frameborder=0>Request unsuccessful. "
        "Incapsula incident ID: 1234-5678</iframe>",
        "<meta name='robots' content='noindex, nofollow'>",
    )


def refused(text: Words) -> str:
    """Return a bare refusal of a server or a delivery network."""
    title, body = (escape(part) for part in text["denied"])
    return _page(title, f"<h1>{title}</h1><p>{body}</p><p>https://errors.example/18.4f2c1602</p>")


def refused_in_frame(text: Words) -> str:
    """Return a refusal within the site's frame; its title is the site's."""
    title, body = (escape(part) for part in text["denied"])
    menu = "".join(f"<a href='/{name}'>{escape(text[name])}</a> " for name in ("home", "news", "sport"))
    return _page(
        SITE,
        f"<header>{menu}</header><main><h1>403 – {title}</h1><p>{body}</p></main><footer>© {SITE}</footer>",
    )


def region(text: Words) -> str:
    """Return a page for readers of a country that the site does not serve."""
    title, body = (escape(part) for part in text["region"])
    return _page(SITE, f"<div class='message'><h1>{title}</h1><p>{body}</p></div>")


def log_in(text: Words) -> str:
    """Return a log-in page that was sent in place of the article."""
    title, body, mail, password, forgotten, new = (escape(part) for part in text["login"])
    form = (
        f"<form action='/login' method=post><label>{mail} <input type=email name=m></label><label>{password} "
        f"<input type=password name=p></label><button>{title}</button></form><a "
        f"href='/f'>{forgotten}</a> <a href='/n'>{new}</a>"
    )
    return _page(f"{title} | {SITE}", f"<main><h1>{title}</h1><p>{body}</p>{form}</main>")


# ---- gone, shells ------------------------------------------------------------------------------


def gone(text: Words) -> str:
    """Return an error page with status 200 whose title says it."""
    title, body = (escape(part) for part in text["gone"])
    menu = "".join(f"<a href='/{name}'>{escape(text[name])}</a> " for name in ("home", "news", "sport"))
    return _page(
        f"{title} | {SITE}",
        f"<header>{menu}</header><main><h1>{title}</h1><p>{body}</p></main><footer>© {SITE}</footer>",
    )


def gone_in_frame(text: Words) -> str:
    """Return an error page whose title is the site's; only its heading says it."""
    title, body = (escape(part) for part in text["gone"])
    teasers = "".join(
        f"<li><a href='/{n}'>{escape(line[:60])}</a></li>" for n, line in enumerate(text["live"][1])
    )
    return _page(
        SITE,
        f"<main><div class='big'>404</div><h1>{title}</h1><p>{body}</p><form action='/s'><input "
        f"type=search></form>"
        f"<ul>{teasers}</ul></main><footer>© {SITE}</footer>",
    )


def shell_root(text: Words) -> str:
    """Return the shell of an application with an empty root."""
    title = escape(text["live"][0])
    return _page(
        f"{title} | {SITE}",
        f"<noscript>{escape(text['script'])}</noscript><div id='root'></div><script "
        f"src='/static/js/main.4f2c.js'></script>",
    )


def shell_menu(text: Words) -> str:
    """Return the shell of an application with menu and footer; the article's place is empty."""
    title = escape(text["live"][0])
    menu = "".join(f"<a href='/{name}'>{escape(text[name])}</a> " for name in ("home", "news", "sport"))
    return _page(
        f"{title} | {SITE}",
        f"<div id='__next'><header>{menu}</header><main><div class='skeleton'></div><div "
        f"class='skeleton'></div></main>"
        f"<footer>© {SITE}</footer></div><script src='/_next/static/chunks/main.js'></script>",
    )


Wall = tuple[str, CompletenessKind, Callable[[Words], str], tuple[str, ...]]
SOME = ("en", "de", "fr", "es", "it", "pl", "ru", "ja")

TEMPLATES: tuple[Wall, ...] = (
    ("consent-layer", "consent_wall", consent_layer, LANGUAGES),
    ("consent-pay", "consent_wall", consent_pay, LANGUAGES),
    ("consent-form", "consent_wall", consent_form, LANGUAGES),
    ("consent-dialog", "consent_wall", consent_dialog, LANGUAGES),
    ("consent-with-menu", "consent_wall", consent_with_menu, LANGUAGES),
    ("bot-check", "blocked", bot_check, LANGUAGES),
    ("bot-plain", "blocked", bot_plain, LANGUAGES),
    ("bot-frame", "blocked", bot_frame, ("en", "fr")),
    ("incident", "blocked", incident, ("en",)),
    ("refused", "blocked", refused, LANGUAGES),
    ("refused-in-frame", "blocked", refused_in_frame, LANGUAGES),
    ("region", "blocked", region, LANGUAGES),
    ("log-in", "blocked", log_in, LANGUAGES),
    ("gone", "not_an_article", gone, LANGUAGES),
    ("gone-in-frame", "not_an_article", gone_in_frame, LANGUAGES),
    ("shell-root", "truncated", shell_root, SOME),
    ("shell-menu", "truncated", shell_menu, SOME),
)
"""Name, verdict, writer, languages."""
