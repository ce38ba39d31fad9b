"""What stands around an article, in the article's language: menus, teasers, comments, forms, notices."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Texts of a site in one language. teasers: headline and standfirst; comments: name and text."""

    site: str
    home: str
    menu: tuple[str, ...]
    teasers: tuple[tuple[str, str], ...]
    comments: tuple[tuple[str, str], ...]
    related: str
    most_read: str
    share: str
    newsletter: str
    subscribe: str
    cookies: str
    accept: str
    advertisement: str
    comments_title: str
    reply: str
    by: str
    posted: str
    tags: str
    words: tuple[str, ...]
    rights: str
    about: str
    search: str
    previous: str
    next: str
    read_more: str
    minutes: str

    def foreign(self) -> tuple[str, ...]:
        """Return the texts that no article may hold."""
        return (
            *(headline for headline, _ in self.teasers),
            *(standfirst for _, standfirst in self.teasers),
            *(text for _, text in self.comments),
            self.newsletter,
            self.cookies,
            self.rights,
            self.about,
            self.most_read,
            self.comments_title,
            " ".join(self.menu[:3]),
        )


ENGLISH = Surroundings(
    site="The Skerrow Review",
    home="Home",
    menu=("News", "Culture", "Science", "Opinion", "Travel", "Archive"),
    teasers=(
        (
            "Tram line nine returns after forty years",
            "The rails were still under the asphalt, it turned out.",
        ),
        (
            "A school without bells, and what the pupils say",
            "Two hundred children have learnt to read the clock.",
        ),
        ("Why the price of salt doubled in March", "Three mines, one strike and a very long winter."),
        ("The last repairer of typewriters retires", "He leaves four thousand ribbons to the town museum."),
        ("Six gardens that open only at night", "Moths, white flowers and a thermos of tea."),
        ("Council counts its trees and finds too few", "The new register lists every lime and plane."),
    ),
    comments=(
        ("Rosalind P.", "I read this on the bus and missed my stop, which has not happened since 2011."),
        ("gullwatcher", "My neighbour says the same, but he says it louder. Thanks for writing it down."),
        ("Old Tobias", "Could somebody please explain the second part to me as if I were a goat?"),
    ),
    related="You may also like",
    most_read="Most read this week",
    share="Share this article",
    newsletter="Sign up for our newsletter and get the five best stories every Friday morning.",
    subscribe="Subscribe",
    cookies="We and our 212 partners use cookies to show you content that suits your interests.",
    accept="Accept all",
    advertisement="Advertisement",
    comments_title="3 Comments",
    reply="Reply",
    by="By",
    posted="Posted on",
    tags="Filed under",
    words=("harbour", "weekend", "longread"),
    rights="© 2025 Skerrow Review Publishing Company. All rights reserved.",
    about="writes about small places for this paper and keeps two bad-tempered geese.",
    search="Search the site",
    previous="Previous post",
    next="Next post",
    read_more="Read more",
    minutes="4 min read",
)

GERMAN = Surroundings(
    site="Der Lindumer Bote",
    home="Startseite",
    menu=("Nachrichten", "Kultur", "Wissen", "Meinung", "Reise", "Archiv"),
    teasers=(
        ("Straßenbahn neun fährt nach vierzig Jahren wieder", "Die Schienen lagen noch unter dem Asphalt."),
        ("Eine Schule ohne Glocke und was die Kinder sagen", "Zweihundert Schüler haben die Uhr gelernt."),
        ("Warum sich der Salzpreis im März verdoppelte", "Drei Bergwerke, ein Streik, ein langer Winter."),
        ("Der letzte Mechaniker für Schreibmaschinen hört auf", "Viertausend Farbbänder gehen ins Museum."),
        ("Sechs Gärten, die nur nachts öffnen", "Nachtfalter, weiße Blüten und eine Kanne Tee."),
        ("Die Stadt zählt ihre Bäume und findet zu wenige", "Das Verzeichnis nennt jede Linde und Platane."),
    ),
    comments=(
        ("Rosalinde P.", "Beim Lesen bin ich zwei Stationen zu weit gefahren, das passiert mir sonst nie."),
        ("Möwenfreund", "Mein Schwager behauptet das schon lange, nur lauter. Danke fürs Aufschreiben!"),
        ("Alter Tobias", "Kann mir das bitte jemand so erklären, als wäre ich eine Ziege?"),
    ),
    related="Das könnte Sie auch interessieren",
    most_read="Meistgelesen in dieser Woche",
    share="Artikel teilen",
    newsletter="Abonnieren Sie unseren Newsletter mit den fünf besten Texten, jeden Freitag früh.",
    subscribe="Abonnieren",
    cookies="Wir und unsere 212 Partner verwenden Cookies, um Ihnen passende Inhalte zu zeigen.",
    accept="Alle akzeptieren",
    advertisement="Anzeige",
    comments_title="3 Kommentare",
    reply="Antworten",
    by="Von",
    posted="Veröffentlicht am",
    tags="Schlagwörter",
    words=("Recht", "Garten", "Hintergrund"),
    rights="© 2025 Verlagsgesellschaft Lindumer Bote. Alle Rechte vorbehalten.",
    about="schreibt für diese Zeitung über kleine Orte und hält zwei schlecht gelaunte Gänse.",
    search="Seite durchsuchen",
    previous="Vorheriger Beitrag",
    next="Nächster Beitrag",
    read_more="Weiterlesen",
    minutes="4 Min. Lesezeit",
)

CHINESE = Surroundings(
    site="南岸时报",
    home="首页",
    menu=("新闻", "文化", "科学", "评论", "旅游", "存档"),
    teasers=(
        ("九路电车时隔四十年重新开通", "铁轨原来一直埋在沥青下面。"),
        ("一所没有铃声的学校，学生怎么看", "两百个孩子学会了看钟。"),
        ("盐价为什么在三月翻了一倍", "三座矿山、一次罢工和一个漫长的冬天。"),
        ("最后一位打字机修理师退休", "他把四千条色带留给了博物馆。"),
        ("六座只在夜里开放的花园", "飞蛾、白花和一壶热茶。"),
        ("市政府清点树木，发现数量太少", "新的名册记下了每一棵椴树。"),
    ),
    comments=(
        ("小雨点", "在公交车上读完，坐过了两站，这还是头一回。"),
        ("看海的人", "我邻居早就这么说，只是嗓门更大，谢谢你写下来。"),
        ("老陶", "谁能把后半段再讲一遍，就当我是一只山羊？"),
    ),
    related="猜你喜欢",
    most_read="本周阅读排行",
    share="分享到朋友圈",
    newsletter="订阅我们的电子报，每个星期五早上收到五篇好文章。",
    subscribe="订阅",
    cookies="我们和二百一十二家合作伙伴使用缓存文件，为您展示合适的内容。",
    accept="全部接受",
    advertisement="广告",
    comments_title="网友评论（3）",
    reply="回复",
    by="作者：",
    posted="发布于",
    tags="标签",
    words=("海洋", "周末", "长文"),
    rights="© 2025 南岸时报社 版权所有 不得转载",
    about="为本报写小地方的故事，家里养着两只脾气很坏的鹅。",
    search="站内搜索",
    previous="上一篇",
    next="下一篇",
    read_more="阅读全文",
    minutes="阅读约4分钟",
)

JAPANESE = Surroundings(
    site="みなと日報",
    home="ホーム",
    menu=("ニュース", "文化", "科学", "論説", "旅", "過去記事"),
    teasers=(
        ("路面電車九号線、四十年ぶりに復活", "線路はアスファルトの下に残っていた。"),
        ("チャイムのない学校、生徒たちの声", "二百人の子どもが時計を読めるようになった。"),
        ("三月に塩の値段が倍になった理由", "三つの鉱山と一つのストライキ、長い冬。"),
        ("最後のタイプライター修理師が引退", "四千本のリボンは博物館へ贈られる。"),
        ("夜だけ開く六つの庭", "蛾と白い花と、魔法瓶のお茶。"),
        ("市が街路樹を数えたら足りなかった", "新しい台帳にはすべての菩提樹が載る。"),
    ),
    comments=(
        ("るり", "バスで読んでいて二駅も乗り過ごしました。初めてのことです。"),
        ("かもめ番", "隣の人も同じことを言いますが、もっと大声です。書いてくれてありがとう。"),
        ("老いた匠", "後半をやぎに話すつもりで、もう一度説明してもらえませんか。"),
    ),
    related="あわせて読みたい",
    most_read="今週よく読まれた記事",
    share="この記事をシェアする",
    newsletter="毎週金曜の朝に五本の記事をお届けするメールマガジンにご登録ください。",
    subscribe="登録する",
    cookies="当社と二百十二の提携会社は、内容を最適化するためにクッキーを使います。",
    accept="すべて同意する",
    advertisement="広告",
    comments_title="コメント（3件）",
    reply="返信",
    by="文・",
    posted="公開日",
    tags="タグ",
    words=("運河", "週末", "散歩"),
    rights="© 2025 みなと日報社 無断転載を禁じます",
    about="この新聞で小さな町のことを書き、機嫌の悪いガチョウを二羽飼っています。",
    search="サイト内を検索",
    previous="前の記事",
    next="次の記事",
    read_more="続きを読む",
    minutes="読了4分",
)

BY_LANGUAGE = {"en": ENGLISH, "de": GERMAN, "zh": CHINESE, "ja": JAPANESE}
