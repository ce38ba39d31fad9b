"""Names of programming languages in classes, attributes and labels around a block of code."""

import re
from collections.abc import Set

from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.sanitizer import CODE_CLASS
from unabridged.text.patterns import lazy_regex

KNOWN = frozenset(
    "abap actionscript ada agda apache apex applescript arduino asciidoc asm assembly awk bash basic "
    "batch batchfile bat bibtex bicep brainfuck c c# c++ caddyfile clj clojure cmake cobol coffee "
    "coffeescript common-lisp console coq cpp cql crystal cs csharp css csv cuda cxx cypher cython d dart "
    "delphi diff django docker dockerfile dos dot dts ecmascript ejs elisp elixir elm emacs-lisp erb "
    "erlang es6 f# fish fortran fsharp gdscript gherkin git glsl gleam go golang gradle graphql groovy "
    "haml handlebars haskell hcl hbs hlsl hs html html5 http idris ini java javascript jinja jinja2 js "
    "json json5 jsonc jsonl jsp jsx julia kotlin kt kts latex lean less liquid lisp llvm log lua make "
    "makefile markdown matlab md mermaid mysql nasm nginx nim nix nunjucks objc objective-c objectivec "
    "ocaml octave openscad pascal patch pcre perl pgsql php php5 pl plsql postgres postgresql postscript "
    "powershell prisma prolog promql properties proto protobuf ps1 pug puppet purescript py py3 pycon "
    "python python2 python3 qml r racket rb rego regex rescript rest ruby rs rst rust sass scala scheme "
    "scss sed sh shell shellscript shell-session smalltalk solidity sparql sql sqlite stylus svelte svg "
    "swift systemverilog tcl tcsh terraform tex toml ts tsql tsx twig typescript typst v vala vb vb.net "
    "vba vbnet verilog vhdl vim vimscript viml vue wasm wat wgsl x86asm xhtml xml xquery xslt yaml yml "
    "zig zsh assembler batchfile haxe hack q".split()
)
"""Names that are taken for a language where nothing but a label or a bare class says so."""
_NONE = frozenset(
    "none plain plaintext plain-text text txt default auto nohighlight no-highlight undefined null unknown "
    "raw code output ansi nolang".split()
)
_NAMED = lazy_regex(
    r"(?:^|[\s;])(?:language-|lang-|lang:|brush:\s*|brush-|highlight-source-|highlight-text-html-|"
    r"mw-highlight-lang-|shj-lang-|src-|sh_|highlight-|code-lang-|syntax-|hljs-lang-|snippet-|lang_)"
    r"([A-Za-z0-9][A-Za-z0-9+#._-]*)"
)
_MARKERS = frozenset(
    "hljs sourceCode highlight prettyprint syntaxhighlighter codehilite chroma crayon-syntax shiki geshi "
    "programlisting sourcecode rouge pygments prism wp-block-code".split()
)
_OWN_MARKERS = frozenset("code src listing syntax highlighted code-block block hl".split())
"""Classes of highlighters beside which a bare class is the language ("hljs python")."""
_NO_LANGUAGE = frozenset(
    "rouge source text notranslate block code tab tabs line-numbers theme toolbar".split()
)
_ATTRIBUTES = (
    "data-language",
    "data-lang",
    "data-code-language",
    "data-code-lang",
    "data-code-block-lang",
    "data-enlighter-language",
    "data-prismjs-language",
    "data-highlight-language",
    "data-syntax",
    "data-mode",
    "language",
    "syntax",
    "lang",
)
_STOP = frozenset("article main body html section li td blockquote".split())
LOOKED_AT = 6
"""Elements inside a block of code that may name its language."""
LEVELS = 4
"""Elements above a block of code whose classes may name its language."""
_LABELS = {"c / c++": "c++", "objective c": "objective-c", "visual basic": "vb", "shell session": "console"}


def language_of(root: Element) -> str:
    """Return the language that a block of code declares, lower-cased, "" for none."""
    inner = [code for code, _ in zip(root.iter_elements(("code", "pre")), range(LOOKED_AT), strict=False)]
    for element in (*inner, root):
        if name := _declared(element, _MARKERS | _OWN_MARKERS):
            return name if name not in _NONE else ""
    named = root.select_one("[data-code-block-lang]")
    if named is not None and (name := _declared(named, frozenset())):
        return name
    above = root.parent
    for _ in range(LEVELS):
        if not isinstance(above, Element) or above.tag in _STOP:
            break
        if name := _declared(above, _MARKERS):
            return name if name not in _NONE else ""
        above = above.parent
    return ""


def _declared(element: Element, markers: Set[str]) -> str:
    """Return what an element itself says about the language. markers: classes beside which a bare class is
    one."""
    for attribute in _ATTRIBUTES:
        value = element.attr(attribute)
        if value:
            name = _name(value)
            if name and (attribute != "lang" or (name in KNOWN and element.tag in ("pre", "code"))):
                return name
    names = element.attr("class")
    if not names:
        return ""
    for found in _NAMED.finditer(names):
        name = _name(found[1])
        if name and name not in _NO_LANGUAGE and (name in KNOWN or name in _NONE or not _vague(found[0])):
            return name
    tokens = names.split()
    if not markers.isdisjoint(tokens) or element.tag == "textarea":
        for token in tokens:
            if token not in markers and (name := _name(token)) in KNOWN:
                return name
    return ""


def _vague(found: str) -> bool:
    """Say whether a class has a prefix that is used for other things too ("highlight-box")."""
    return found.strip().startswith(
        ("highlight-", "src-", "sh_", "syntax-", "snippet-", "lang_", "brush-")
    ) and not (found.strip().startswith(("highlight-source-", "highlight-text-")))


def _name(value: str) -> str:
    name = re.split(r"[^a-z0-9+#._-]", value.strip().lower(), maxsplit=1)[0].strip("._-")
    name = name.removeprefix("language-").removeprefix("lang-")
    return name if CODE_CLASS.fullmatch(f"language-{name}") else ""


def language_label(text: str) -> str | None:
    """Return the language that a label names, "" for plain text, None if it is no language."""
    name = " ".join(text.lower().strip(" :.").split())
    name = _LABELS.get(name, name)
    if name in KNOWN:
        return name
    return "" if name in _NONE or name == "plain text" else None
