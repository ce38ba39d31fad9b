"""Chinese by-lines in running text without mark-up: an author after a colon, a name in brackets."""

import re
from collections.abc import Iterator
from functools import cache

from unabridged.extraction.html.dom import Dom, Element, Text
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import HAN

MOST_NODES = 8_000  # nodes of one page that are examined
MOST_FOUND = 12

_NAME = f"[{HAN}]{{2,4}}(?:·[{HAN}]{{1,6}})?"
_PARTED = f"[{HAN}] [{HAN}](?![{HAN}])"
_NAMES = rf"((?:{_NAME}|{_PARTED})(?:[ \u3000、，,/]+{_NAME}(?![{HAN}])){{0,5}})(?![{HAN}])"


@cache
def _kinds() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the kinds of signatures with their patterns. Compiled for the first Chinese page: it takes 50
    ms."""
    return (
        ("author", re.compile(rf"(?:作者|撰文|撰稿人?|执笔|口述|/?文)\s*[:：/／|丨]\s*{_NAMES}")),
        (
            "reporter",
            re.compile(
                rf"(?:记者|記者|通讯员|特约撰稿|采写)\s*[:：/／|丨 \u3000]\s*{_NAMES}"
                r"(?=\s*(?:[)）】\]]|$|报道|编辑|文|\d))"
            ),
        ),
        (
            "reporter",
            re.compile(
                rf"^\W*(?:本[报報])?(?:记者|記者)\s*({_NAME})\s*[／/]\s*[{HAN}]{{1,8}}?(?:报道|報導|報道|"
                rf"电|電)"
            ),
        ),
        (
            "editor",
            re.compile(rf"(?:责任编辑|責任編輯|责编|编辑|編輯|编审|稿件编辑)\s*[:：/／|丨]\s*{_NAMES}"),
        ),
        ("end", re.compile(rf"[。！？…”」][^。（(]{{0,4}}[（(]\s*{_NAMES}\s*[)）]\s*$")),
        ("bracket", re.compile(rf"^[\s\u3000]*[（(\[【]\s*{_NAMES}\s*[)）\]】][\s\u3000]*$")),
    )


_TELLS = lazy_regex(
    r"作者|撰文|撰稿|执笔|口述|文[:：/／]|记者|記者|通讯员|采写|编辑|編輯|责编|编审|[)）\]】]\s*$"
)
_NO_NAMES = lazy_regex(
    "本报|本网|新华|日报|晚报|晨报|新闻|编辑|记者|作者|责任|来源|图片|报道|综合|转载|如下|其他|完|下同"
    "|查看|关注|跟帖|评论|点击|收藏|更多|分享"
)


def find_signatures(dom: Dom) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (kind of signature, names) of the page's texts, in document order, about the first dozen."""
    found = 0
    for looked, node in enumerate(dom.body.descendants):
        if looked > MOST_NODES or found >= MOST_FOUND:
            return
        if type(node) is not Text or not _TELLS.search(node.data[-400:]):
            continue
        parent = node.parent
        if isinstance(parent, Element) and parent.tag in ("script", "style", "noscript"):
            continue
        for kind, names in signatures_in_text(node.data[-400:]):
            found += 1
            yield kind, names


def signatures_in_text(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield (kind, names) of the signatures in one text: "author", "reporter", "editor", "end" or
    "bracket"."""
    for kind, pattern in _kinds():
        if match := pattern.search(text):
            names = _names(match[1])
            if kind in _UNSAID or len(names) > 1:  # only the position suggests that these are names
                names = tuple(name for name in names if name[0] in _SURNAMES)
            if names and not any(_NO_NAMES.search(name) for name in names):
                yield kind, names


def _names(text: str) -> tuple[str, ...]:
    """Split "常书香 马丹阳" into two names; "赵 培" is one name, set wide."""
    if re.fullmatch(_PARTED, text):
        return (text.replace(" ", ""),)
    parts = re.split("[ \u3000、，,/]+", text)
    return tuple(dict.fromkeys(part for part in parts if part and part not in _ROLES))


_UNSAID = frozenset({"end", "bracket"})
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭肖程曹袁邓鄧许許傅沈"
    "曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻闫余潘杜戴夏钟鍾汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江"
    "史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文庞龐樊兰蘭殷施陶洪翟安颜顏倪严嚴牛温溫芦季俞章鲁"
    "魯葛伍韦韋申尤毕畢聂聶丛焦向柳邢路岳齐齊梅莫庄莊辛管祝左涂谷祁时舒耿牟卜詹关關苗凌费費纪紀靳盛童欧歐甄项項曲成游"
    "阳陽裴席卫衛查屈鲍鮑位覃霍翁隋植甘景薄单單包司柏宁寧柯阮桂闵解强柴华華车車冉房边邊辜吉饶饒刁瞿戚丘古米池滕晋"
    "苑邬臧畅宫來来嵺苟全褚廉简簡娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练"
    "仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和"
)
"""First characters of Chinese names, by frequency: some 350 cover nearly everybody."""
_ROLES = frozenset("通讯员 记者 記者 实习生 摄影 报道 编辑 责编 见习".split())
