"""Blocks of code as highlighters, platforms and plugins write them."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from html import escape

from tests.extraction.templates.story import Story
from tests.extraction.templates.structures.record import Structured, Variant, after

SAMPLES = {
    "python": (
        "def spend(bucket, cost=1):",
        "    while bucket.level < cost:",
        '        if bucket.closed and "late" not in bucket.marks:',
        "            return None",
        "        bucket.wait(0.5)",
        "",
        "    return bucket.take(cost)  # <- under a lock",
    ),
    "javascript": (
        "export async function gates(url) {",
        "  const reply = await fetch(url);",
        "  if (!reply.ok) {",
        "    throw new Error(`gate ${reply.status}`);",
        "  }",
        "  return reply.json();",
        "}",
    ),
    "bash": (
        "for tide in high low; do",
        '    grep -c "$tide" gauges.log && echo "$tide"',
        "done > totals.txt",
        "sort -rn totals.txt | head -5",
    ),
}


def _tokens(line: str) -> str:
    """Write a line as a highlighter does: white space bare, each word in a span."""
    bare = line.lstrip(" ")
    words = " ".join(f'<span class="n">{escape(word)}</span>' for word in bare.split(" ")) if bare else ""
    return " " * (len(line) - len(bare)) + words


def _numbers(lines: Sequence[str], form: str = "{}", glue: str = "\n") -> str:
    return glue.join(form.replace("{}", str(number)) for number in range(1, len(lines) + 1))


def _plain(lines: Sequence[str], language: str) -> str:
    return f'<pre><code class="language-{language}">{escape(chr(10).join(lines))}\n</code></pre>'


def _hexo(lines: Sequence[str], language: str) -> str:
    gutter = _numbers(lines, '<span class="line">{}</span><br>', "")
    code = "".join(f'<span class="line">{_tokens(line)}</span><br>' for line in lines)
    return (
        f'<figure class="highlight {language}"><table><tr><td class="gutter"><pre>{gutter}</pre></td>'
        f'<td class="code"><pre>{code}</pre></td></tr></table></figure>'
    )


def _rouge(lines: Sequence[str], language: str) -> str:
    code = "\n".join(map(_tokens, lines))
    return (
        f'<div class="language-{language} highlighter-rouge"><div class="highlight"><pre class="highlight"><code>'
        f'<table class="rouge-table"><tbody><tr><td class="rouge-gutter gl"><pre class="lineno">{_numbers(lines)}\n'
        f'</pre></td><td class="rouge-code"><pre>{code}\n</pre></td></tr></tbody></table></code></pre></div></div>'
    )


def _chroma(lines: Sequence[str], language: str) -> str:
    code = "".join(f'<span class="line"><span class="cl">{_tokens(line)}\n</span></span>' for line in lines)
    gutter = _numbers(lines, '<span class="lnt">{}\n</span>', "")
    return (
        '<div class="highlight"><div class="chroma">\n<table class="lntable"><tr><td class="lntd">\n<pre tabindex="0" '
        f'class="chroma"><code>{gutter}</code></pre></td>\n<td class="lntd">\n<pre tabindex="0" class="chroma">'
        f'<code class="language-{language}" data-lang="{language}">{code}</code></pre></td></tr></table>\n</div>\n</div>'
    )


def _pygments(lines: Sequence[str], language: str) -> str:
    code = "\n".join(map(_tokens, lines))
    return (
        f'<div class="highlight-{language} notranslate"><div class="highlight"><table class="highlighttable"><tr>'
        f'<td class="linenos"><div class="linenodiv"><pre>{_numbers(lines, """<span class="normal">{}</span>""")}'
        f'</pre></div></td><td class="code"><div><pre><span></span>{code}\n</pre></div></td></tr></table></div></div>'
    )


def _github(lines: Sequence[str], language: str) -> str:
    source = {"python": "python", "javascript": "js", "bash": "shell"}[language]
    return (
        f'<div class="highlight highlight-source-{source} notranslate position-relative overflow-auto" dir="auto"><pre>'
        f'{chr(10).join(map(_tokens, lines))}</pre><div class="zeroclipboard-container"><clipboard-copy aria-label="Copy" '
        'class="ClipboardButton btn" role="button"><svg aria-hidden="true"></svg></clipboard-copy></div></div>'
    )


def _docusaurus(lines: Sequence[str], language: str) -> str:
    code = "".join(
        f'<span class="token-line" style="color:#bfc7d5"><span class="token plain">{escape(line)}</span><br></span>'
        for line in lines
    )
    return (
        f'<div class="language-{language} codeBlockContainer_Ckt0 theme-code-block"><div class="codeBlockContent_biex">'
        f'<pre tabindex="0" class="prism-code language-{language} codeBlock_bY9V thin-scrollbar"><code '
        f'class="codeBlockLines_e6Vv">{code}</code></pre><div class="buttonGroup__atx"><button type="button" '
        'aria-label="Copy code to clipboard" title="Copy" class="clean-btn"><span class="copyButtonIcons_eSgA">Copy'
        "</span></button></div></div></div>"
    )


def _rows(lines: Sequence[str], language: str) -> str:
    rows = "".join(
        f'<div class="code-row"><span class="line-number">{number}</span><span class="code-text">{_tokens(line)}</span></div>'
        for number, line in enumerate(lines, 1)
    )
    return f'<div class="code-block" data-language="{language}" style="white-space:pre;font-family:monospace">{rows}</div>'


def _crayon(lines: Sequence[str], language: str) -> str:
    numbers = _numbers(lines, '<div class="crayon-num" data-line="crayon-5f-{}">{}</div>', "")
    code = "".join(
        f'<div class="crayon-line" id="crayon-5f-{number}">{_tokens(line) or "&nbsp;"}</div>'
        for number, line in enumerate(lines, 1)
    )
    return (
        f'<div id="crayon-5f" class="crayon-syntax crayon-theme-classic crayon-font-monaco print-yes notranslate">'
        f'<div class="crayon-toolbar"><span class="crayon-title"></span><div class="crayon-tools"><span '
        f'class="crayon-language">{language.title()}</span></div></div><div class="crayon-plain-wrap"><textarea '
        f'class="crayon-plain print-no" readonly>{escape(chr(10).join(lines))}</textarea></div><div class="crayon-main">'
        f'<table class="crayon-table"><tr class="crayon-row"><td class="crayon-nums"><div class="crayon-nums-content">'
        f'{numbers}</div></td><td class="crayon-code"><div class="crayon-pre" style="font-size:12px">{code}</div></td></tr>'
        "</table></div></div>"
    )


def _wordpress(lines: Sequence[str], language: str) -> str:
    return (
        f'<pre class="wp-block-code"><code lang="{language}" class="language-{language}">'
        f"{escape(chr(10).join(lines))}</code></pre>"
    )


def _gist(lines: Sequence[str], language: str) -> str:
    rows = "\n".join(
        f'<tr><td id="file-a-L{number}" class="blob-num js-line-number js-blob-rnum" data-line-number="{number}"></td>\n'
        f'<td id="file-a-LC{number}" class="blob-code blob-code-inner js-file-line">{_tokens(line)}</td></tr>'
        for number, line in enumerate(lines, 1)
    )
    return (
        '<div id="gist9081" class="gist"><div class="gist-file" translate="no"><div class="gist-data"><div '
        'class="js-gist-file-update-container"><div class="file"><div itemprop="text" class="blob-wrapper data type-'
        f'{language}"><table data-hpc class="highlight tab-size js-file-line-container">{rows}</table></div></div></div>'
        '</div><div class="gist-meta"><a href="https://gist.example/raw/a" style="float:right">view raw</a> '
        '<a href="https://gist.example/a">a.txt</a> hosted with &#10084; by <a href="https://github.com">GitHub</a>'
        "</div></div></div>"
    )


def _expressive(lines: Sequence[str], language: str) -> str:
    rows = "".join(
        f'<div class="ec-line"><div class="gutter"><div class="ln" aria-hidden="true">{number}</div></div>'
        f'<div class="code">{_tokens(line) or chr(10)}</div></div>'
        for number, line in enumerate(lines, 1)
    )
    return (
        '<div class="expressive-code"><figure class="frame"><figcaption class="header"></figcaption><pre '
        f'data-language="{language}"><code>{rows}</code></pre><div class="copy"><div aria-live="polite"></div><button '
        f'title="Copy to clipboard" data-copied="Copied!"><div></div></button></div></figure></div>'
    )


FORMS = {
    "plain": _plain,
    "hexo": _hexo,
    "rouge": _rouge,
    "chroma": _chroma,
    "pygments": _pygments,
    "github": _github,
    "docusaurus": _docusaurus,
    "rows": _rows,
    "crayon": _crayon,
    "wordpress": _wordpress,
    "gist": _gist,
    "expressive": _expressive,
}
_LANGUAGES = {"python": "python", "javascript": "(?:javascript|js)", "bash": "(?:bash|shell|sh)"}
LANGUAGE_UNSAID = frozenset(("gist",))


def _build(name: str, form: Callable[[Sequence[str], str], str], story: Story) -> Structured:
    language = sorted(SAMPLES)[len(story.slug) % len(SAMPLES)]
    lines = SAMPLES[language]
    code = "\n".join(lines)
    fence = r"\w*" if name in LANGUAGE_UNSAID else _LANGUAGES[language]
    return Structured(
        blocks=after(story, 3, form(lines, language)),
        once=(lines[0],),
        lines=(code,),
        patterns=(rf"(?m)^```{fence}\n{re.escape(code)}\n```$",),
        body=("<pre>",),
        body_counts=(("</table>", 0),),
        absent=("1 2 3 4", "Copy", "view raw", "hosted with"),
    )


VARIANTS: dict[str, Variant] = {name: partial(_build, name, form) for name, form in FORMS.items()}
