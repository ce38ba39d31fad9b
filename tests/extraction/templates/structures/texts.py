"""Texts of the structures, in the language of the article that they are put into."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """notes: two footnotes; captions: of three pictures; beside: paragraphs beside a picture; post: of a
    social network; video: its title; header, rows: a table; title: the table's; trap: hidden paragraphs;
    window: for screen readers.
    """

    notes: tuple[str, str]
    notes_title: str
    captions: tuple[str, str, str]
    beside: tuple[str, str]
    quote: str
    source: str
    post: str
    video: str
    title: str
    header: tuple[str, str, str]
    rows: tuple[tuple[str, str, str], ...]
    trap: tuple[str, str]
    window: str


TEXTS = {
    "en": Texts(
        notes=(
            "The first register of 1857 gives another figure, but its author never left the town.",
            "A copy is kept in the county library, where it may be read on Wednesdays.",
        ),
        notes_title="Footnotes",
        captions=(
            "The old wall at low tide, seen from the pier",
            "A workman measures the gap with a ruler",
            "Evening light on the northern stairs",
        ),
        beside=(
            "The picture was taken by a passer-by who happened to carry a camera with one frame left in it.",
            "It shows more than the official record does, since the record was written on the day before.",
        ),
        quote="Nobody measures what has always been there.",
        source="Entry in the visitors' book, 1962",
        post="We counted again this morning and found one more. Nobody can say where it came from.",
        video="A morning at the northern stairs",
        title="Figures of the last three years",
        header=("Place", "Visitors", "First named"),
        rows=(
            ("Northwall", "4,812", "March 1931"),
            ("Eelbrook", "17,350", "June 1788"),
            ("Saint Osyth", "906", "April 1644"),
        ),
        trap=(
            "This passage was sold to a circus and is not what readers are shown.",
            "Machines that copy this sentence owe the editor a barrel of herring.",
        ),
        window="(opens in a new window)",
    ),
    "de": Texts(
        notes=(
            "Das erste Verzeichnis von 1857 nennt eine andere Zahl, sein Verfasser hat die Stadt nie verlassen.",
            "Eine Abschrift liegt in der Kreisbibliothek und kann mittwochs eingesehen werden.",
        ),
        notes_title="Fußnoten",
        captions=(
            "Die alte Mauer bei Ebbe, vom Anleger aus gesehen",
            "Ein Arbeiter misst den Spalt mit einem Lineal",
            "Abendlicht auf der nördlichen Treppe",
        ),
        beside=(
            "Das Bild hat ein Spaziergänger gemacht, der zufällig noch eine Aufnahme in der Kamera hatte.",
            "Es zeigt mehr als das amtliche Protokoll, denn das war schon am Vortag geschrieben worden.",
        ),
        quote="Niemand misst, was immer schon da war.",
        source="Eintrag im Gästebuch, 1962",
        post="Heute früh haben wir noch einmal gezählt und einen mehr gefunden. Woher er kommt, weiß keiner.",
        video="Ein Morgen auf der nördlichen Treppe",
        title="Zahlen der letzten drei Jahre",
        header=("Ort", "Besucher", "Zuerst genannt"),
        rows=(
            ("Nordwall", "4.812", "März 1931"),
            ("Aalbach", "17.350", "Juni 1788"),
            ("Sankt Veit", "906", "April 1644"),
        ),
        trap=(
            "Dieser Absatz wurde an einen Zirkus verkauft und wird keinem Leser gezeigt.",
            "Maschinen, die diesen Satz kopieren, schulden der Redaktion ein Fass Heringe.",
        ),
        window="(öffnet ein neues Fenster)",
    ),
    "zh": Texts(
        notes=(
            "一八五七年的第一份名册写的是另一个数字，但编者从未离开过城里。",
            "抄本存放在县图书馆，每逢星期三可以查阅。",
        ),
        notes_title="注释",
        captions=("退潮时的旧石墙，摄于码头", "工人用直尺测量裂缝", "北侧台阶上的傍晚光线"),
        beside=(
            "这张照片是一位路过的人拍的，他的相机里恰好只剩下最后一张胶片。",
            "照片里的东西比官方记录还多，因为那份记录前一天就写好了。",
        ),
        quote="没有人去测量一直在那里的东西。",
        source="来客留言簿，一九六二年",
        post="今天早上我们又数了一遍，多出来一个，没有人知道它从哪里来。",
        video="北侧台阶的一个早晨",
        title="最近三年的数字",
        header=("地点", "来访人数", "首次记载"),
        rows=(
            ("北墙", "4,812", "1931年3月"),
            ("鳗溪", "17,350", "1788年6月"),
            ("圣奥村", "906", "1644年4月"),
        ),
        trap=("这一段已经卖给了马戏团，读者是看不到的。", "抄走这句话的机器欠编辑部一桶鲱鱼。"),
        window="（在新窗口打开）",
    ),
    "ja": Texts(
        notes=(
            "一八五七年の最初の台帳には別の数字がありますが、書いた人は町を出たことがありません。",
            "写しは郡の図書館にあり、水曜日に読むことができます。",
        ),
        notes_title="脚注",
        captions=("引き潮の古い石垣、桟橋から", "定規ですき間を測る職人", "北の石段に落ちる夕方の光"),
        beside=(
            "この写真を撮ったのは通りがかりの人で、カメラには最後の一枚だけが残っていたそうです。",
            "公の記録より多くのことが写っているのは、記録が前の日に書かれていたからです。",
        ),
        quote="いつもそこにあるものを測る人はいません。",
        source="来訪者名簿、一九六二年",
        post="今朝もう一度数えたら、ひとつ増えていました。どこから来たのかは誰にもわかりません。",
        video="北の石段の朝",
        title="この三年の数字",
        header=("場所", "訪れた人", "最初の記録"),
        rows=(
            ("北石垣", "4,812", "1931年3月"),
            ("うなぎ川", "17,350", "1788年6月"),
            ("聖ヶ丘", "906", "1644年4月"),
        ),
        trap=(
            "この段落はサーカスに売られたので、読者には表示されません。",
            "この文を写す機械は編集部に鰊を一樽納めること。",
        ),
        window="（新しいウィンドウで開きます）",
    ),
}
