"""Tables of data as editors, plugins and frameworks write them."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from html import escape

from tests.extraction.templates.story import Story
from tests.extraction.templates.structures.record import Structured, Variant, after
from tests.extraction.templates.structures.texts import TEXTS, Texts

Cells = Sequence[Sequence[str]]


def _rows(rows: Cells, cell: str = "<td>{}</td>", row: str = "<tr>{}</tr>") -> str:
    return "\n".join(
        row.replace("{}", "".join(cell.replace("{}", escape(text)) for text in cells)) for cells in rows
    )


def _head(texts: Texts, cell: str = "<th>{}</th>") -> str:
    return _rows([texts.header], cell)


def _plain(texts: Texts) -> str:
    return f"<table>\n<thead>\n{_head(texts)}\n</thead>\n<tbody>\n{_rows(texts.rows)}\n</tbody>\n</table>"


def _wordpress(texts: Texts) -> str:
    return (
        f'<figure class="wp-block-table is-style-stripes"><table class="has-fixed-layout"><thead>{_head(texts)}</thead>'
        f'<tbody>{_rows(texts.rows)}</tbody></table><figcaption class="wp-element-caption">{texts.title}</figcaption></figure>'
    )


def _caption(texts: Texts) -> str:
    return (
        f'<table class="table table-striped"><caption>{texts.title}</caption><thead>{_head(texts)}</thead>'
        f"<tbody>{_rows(texts.rows)}</tbody></table>"
    )


def _spans(texts: Texts) -> str:
    return (
        f'<table class="data"><thead><tr><th rowspan="2">{texts.header[0]}</th><th colspan="2">{texts.title}</th></tr>'
        f"<tr><th>{texts.header[1]}</th><th>{texts.header[2]}</th></tr></thead><tbody>{_rows(texts.rows)}</tbody></table>"
    )


def _links(texts: Texts) -> str:
    cell = '<td><a href="https://data.example/item">{}</a></td>'
    return f'<table class="sortable"><thead>{_head(texts)}</thead><tbody>{_rows(texts.rows, cell)}</tbody></table>'


def _row_heads(texts: Texts) -> str:
    rows = "\n".join(
        f'<tr><th scope="row">{first}</th><td>{second}\n</td><td>{third}\n</td></tr>'
        for first, second, third in texts.rows
    )
    return (
        f'<table class="wikitable" style="text-align:right"><tbody>{_head(texts, """<th scope="col">{}</th>""")}\n{rows}'
        "</tbody></table>"
    )


def _responsive(texts: Texts) -> str:
    return (
        f'<div class="table-responsive" role="region" tabindex="0"><table class="table"><thead>{_head(texts)}</thead>'
        f"<tbody>{_rows(texts.rows, '<td><p>{}</p></td>')}</tbody></table></div>"
    )


def _bordered(texts: Texts) -> str:
    font = '<td><font face="Arial" size="2">{}</font></td>'
    return (
        '<center><table border="1" cellpadding="3" cellspacing="0" width="80%">'
        f"{_rows([texts.header], '<td bgcolor=#dddddd><b>{}</b></td>')}{_rows(texts.rows, font)}</table></center>"
    )


def _in_spans(texts: Texts) -> str:
    cell = '<td class="sc-t3 kLmN"><span class="sc-t4">{}</span></td>'
    return (
        f'<div class="sc-t0 aBcD"><div class="sc-t1"><table class="sc-t2"><colgroup><col><col><col></colgroup><thead>'
        f"{_head(texts, '<th class=sc-t5><span>{}</span></th>')}</thead><tbody>{_rows(texts.rows, cell)}</tbody></table>"
        "</div></div>"
    )


def _tablepress(texts: Texts) -> str:
    rows = "\n".join(
        f'<tr class="row-{number}">'
        + "".join(f'<td class="column-{column}">{escape(text)}</td>' for column, text in enumerate(cells, 1))
        + "</tr>"
        for number, cells in enumerate(texts.rows, 2)
    )
    return (
        f'<h3 id="tablepress-7-name" class="tablepress-table-name tablepress-table-name-id-7">{texts.title}</h3>\n'
        f'<table id="tablepress-7" class="tablepress tablepress-id-7" aria-labelledby="tablepress-7-name"><thead>'
        f'{_head(texts)}</thead><tbody class="row-striping row-hover">{rows}</tbody></table>'
    )


def _pasted(texts: Texts) -> str:
    cell = (
        '<td style="border:1px solid #000;vertical-align:top"><p dir="ltr" style="line-height:1.2"><span '
        'style="font-size:11pt">{}</span></p></td>'
    )
    return (
        '<div dir="ltr" style="margin-left:0pt" align="left"><table style="border:none"><colgroup><col width="200"><col>'
        f"<col></colgroup><tbody>{_rows([texts.header, *texts.rows], cell, '<tr style=height:0pt>{}</tr>')}</tbody>"
        "</table></div>"
    )


def _with_lists(texts: Texts) -> str:
    rows = "".join(
        f"<tr><td>{first}</td><td><ul><li>{second}</li><li>{third}</li></ul></td></tr>"
        for first, second, third in texts.rows
    )
    return f"<table><thead><tr><th>{texts.header[0]}</th><th>{texts.header[1]}</th></tr></thead><tbody>{rows}</tbody></table>"


FORMS: dict[str, Callable[[Texts], str]] = {
    "plain": _plain,
    "wordpress": _wordpress,
    "caption": _caption,
    "spans": _spans,
    "links": _links,
    "row-heads": _row_heads,
    "responsive": _responsive,
    "bordered": _bordered,
    "in-spans": _in_spans,
    "tablepress": _tablepress,
    "pasted": _pasted,
    "with-lists": _with_lists,
}
_TITLED = frozenset(("caption", "spans", "tablepress", "wordpress"))


def _pattern(cells: Sequence[str], linked: bool) -> str:
    """Return the pattern of a table's row in Markdown."""
    form = r"\[{}\]\(https://data\.example/item\)" if linked else r"(?:\*\*)?{}(?:\*\*)?"
    return r"\|\s*" + r"\s*\|\s*".join(form.replace("{}", re.escape(cell)) for cell in cells) + r"\s*\|"


def _build(name: str, form: Callable[[Texts], str], story: Story) -> Structured:
    texts = TEXTS[story.language]
    blocks = after(story, 3, form(texts))
    cells = tuple(cell for row in texts.rows for cell in row)
    common = (("<table>", 1),)
    if name == "with-lists":
        return Structured(blocks=blocks, once=cells, body_counts=common)
    if name == "spans":
        return Structured(
            blocks=blocks,
            once=(*cells, texts.title, *texts.header),
            lines=tuple("\t".join(row) for row in texts.rows),
            body=('colspan="2"', 'rowspan="2"'),
            body_counts=common,
        )
    return Structured(
        blocks=blocks,
        once=cells,
        lines=tuple("\t".join(row) for row in (texts.header, *texts.rows)),
        patterns=(
            _pattern(texts.header, False) + r"\n\|[\s:|-]+\|\n" + _pattern(texts.rows[0], name == "links"),
            *(_pattern(row, name == "links") for row in texts.rows[1:]),
        ),
        body_counts=(*common, *(((texts.title, 1),) if name in _TITLED else ())),
    )


VARIANTS: dict[str, Variant] = {name: partial(_build, name, form) for name, form in FORMS.items()}
