"""Labels that sites print beside a text, in many languages: advertising, sharing, page tools."""

AD_LABELS = (
    "advertisement", "advertising", "advert", "sponsored", "promoted", "ad", "anzeige", "werbung",
    "publicité", "publicità", "publicidad", "publicidade", "pubblicità", "advertentie", "annons", "annonse",
    "reklam", "reklama", "mainos", "реклама", "διαφήμιση", "广告", "廣告", "広告", "スポンサー", "광고",
    "إعلان", "โฆษณา", "iklan", "quảng cáo",
)  # fmt: skip
"""Advertisement labels, in lower case. Each stands alone on its line or before a colon."""

SHARE_SIGNS = frozenset(
    """
    share sharing partager partagez teilen compartir compartilhar compartilhe
    condividi delen dela udostępnij поделиться
    поделитесь поширити сподели sdílet paylaş مشاركة شارك แชร์
    分享 分享到 分享至 转发 轉發
    共有 シェア シェアする 공유 공유하기 tweet
    """.split()
)
"""Words of which the label of a share bar contains at least one."""
SHARE_WORDS = SHARE_SIGNS | frozenset(
    """
    shares this story article post page on via to with by it now us
    follow print email e-mail mail copy
    link save like pin send more or and your friends social media the read later
    facebook fb twitter x whatsapp telegram
    linkedin reddit pinterest messenger line viber vk weibo wechat tumblr pocket bluesky threads mastodon
    flipboard hatena instapaper digg xing ok skype sms url rss
    sur auf per en su op på del jaa в вконтакте одноклассники megosztás κοινοποίηση שתף bagikan chia sẻ
    转发到 微信 微博 朋友圈 转载 轉載 ツイート はてな
    """.split()
)
"""Words that may stand in a share bar or its label."""

TOOL_SIGNS = frozenset(
    """
    print drucken druckversion imprimer imprimir stampa afdrukken drukuj tisk tulosta печать
    распечатать pdf feedback
    share teilen partager compartir condividi delen udostępnij поделиться textgröße schriftgröße bookmark
    """.split()
)
"""Words of which a toolbar line contains at least two."""
TOOL_WORDS = (
    TOOL_SIGNS
    | SHARE_WORDS
    | frozenset(
        """
    printer drucker skriv ut download herunterladen télécharger descargar scarica
    kommentare comments comment kommentieren commenter comentar commenta speichern merken merkliste
    listen vorlesen anhören écouter escuchar ascolta
    text size schrift größe font larger smaller größer kleiner шрифт a
    поділитися kopieren комментарии
    artikel article artículo articolo artigo beitrag seite diesen cet este questo und et y e o
    """.split()
    )
)
"""Words that may stand in a toolbar line: print, share, letter size, comments."""

SERVICE_LINES = (
    # the article and its advertisements
    r"(?:article|story|post) content(?: continued)?",
    r"(?:the |this )?(?:article|story|post|content|text) continues (?:below|after)\b.{0,40}",
    r"continue reading below",
    r"this (?:advertisement|ad) has not loaded yet\b.{0,60}",
    r"(?:advertisement|anzeige|publicité|publicidad|annons|reklama) \d{1,2}",
    r"(?:we apologize, but |sorry,? )?th(?:is|e) (?:video|film|audio|content) (?:has )?"
    r"(?:failed to load|could not be (?:loaded|opened|played)|is not available)\b.{0,60}",
    r"try refreshing your browser\b.{0,60}",
    # editing
    r"\[\s*(?:edit(?: source| section)?|编辑|編集|編輯|bearbeiten|modifica|editar|править|modifier|wijzig|"
    r"redigera|edytuj)"
    r"(?:\s*\|[^\]]{1,40})?\s*\]",
    # recipes
    r"(?:jump|skip|go) to (?:the )?(?:recipe|content|video|instructions|comments?|ingredients)"
    r"(?: card)?(?: (?:or )?(?:jump to video|print recipe))?",
    r"(?:print|pin|rate|save|email) (?:this )?recipe",
    r"(?:zum rezept(?: springen)?|rezept drucken|direkt zum rezept|aller à la recette|imprimer la recette|"
    r"ir a la receta|imprimir receta|vai alla ricetta|stampa ricetta|naar recept|przejdź do przepisu)",
    # sound and pictures
    r"listen(?: to (?:this|the) (?:article|story|post|"
    r"episode))?:? \(?\d{1,3}(?:[: ]?\d\d)? ?(?:min(?:ute)?s?)?\)?",
    r"listen to (?:this|the) (?:article|story|post)",
    r"(?:artikel anhören|beitrag anhören|écouter (?:l['’])?article|escuchar (?:el )?artículo|"
    r"ascolta (?:l['’])?articolo)"
    r"(?:\W*\d{1,3}(?::\d\d)?\W*(?:min\w*)?)?",
    r"getting your .{2,30} player ready",
    r"your browser does not support (?:the )?(?:html5? )?(?:audio|video)\b.{0,60}",
    r"\d{1,2}:\d\d\s*/\s*\d{1,2}:\d\d",
    r"open (?:image|photo|picture) in (?:a )?(?:lightbox|gallery|modal|new (?:tab|window)|full ?screen)",
    r"(?:click|tap) (?:here |image )?to (?:enlarge|zoom|expand|view)(?: (?:the |this )?(?:image|photo|"
    r"picture))?",
    r"(?:enlarge|expand|zoom) (?:this )?(?:image|photo|picture)|(?:hide|toggle|show) caption",
    r"image source,? .{1,60}",
    # copying and anchors
    r"(?:link )?copied(?: to (?:the )?clipboard)?",
    r"copy (?:link|url|code|to clipboard|link to (?:heading|section|clipboard))",
    r"(?:link|permalink|direct link|anchor link|anchor) (?:for|to) (?:this )?(?:section|heading|"
    r"headline)(?:\W.{0,60})?",
    r"[#¶§🔗]",
    # ratings and counts
    r"\d{1,6} (?:likes?|shares?|views?|upvotes?|replies)",
    r"rating: ?[+–-]?\d{1,5}[+–x×\s-]*",
    r"rate this (?:article|post|story|page|entry)",
    r"\d(?:[.,]\d{1,2})? ?(?:/|of|out of|von) ?5(?: stars?)?(?: ?[(\[].{1,30}[)\]])?|[★☆]{3,5}.{0,30}",
    r"(?:view|show|see|read|load|hide) (?:all )?(?:the )?\(?(?:\d{1,5} )?\)?comments?(?: \(\d{1,5}\))?",
    r"(?:leave|post|write|add) a comment|join the (?:conversation|discussion)",
    r"add (?:us )?(?:as (?:a )?preferred source on google|to (?:favou?rites|bookmarks|reading list))",
    r"\d{1,3} minutes? read|\(?(?:this link )?opens in (?:a )?new (?:tab|window)\)?",
    # the page
    r"(?:back|return|go|scroll|jump) to (?:the )?top(?: of (?:the )?page)?|(?:zurück )?nach oben|"
    r"zum seitenanfang",
    r"(?:retour en )?haut de (?:la )?page|retour en haut|volver arriba|torna su|terug naar boven|"
    r"返回(?:顶部|頂部)|回到(?:顶部|頂部)|"
    r"トップ(?:へ|に)戻る|наверх",
)  # fmt: skip
"""Patterns of whole lines that a site prints inside any article, in lower case."""

EDGE_LINES = (
    r"(?:\d{1,5} )?(?:comments?|likes?|shares?|views?)(?: \d{1,5})?",
    r"print|save|follow|bookmark|listen|like|reply|pin|gift|subscribe|play|pause|menu|search",
    r"drucken|merken|speichern|folgen|anhören|imprimer|enregistrer|suivre|écouter|imprimir|guardar|seguir|"
    r"escuchar|"
    r"stampa|salva|segui|ascolta",
)  # fmt: skip
"""Patterns of lines that are labels only above or below an article; inside, they may be a line of it."""

FORUM_SIGNS = frozenset(
    """
    reply quote report flag permalink parent upvote downvote antworten zitieren melden répondre citer signaler
    responder citar reportar rispondi cita segnala beantwoorden ответить цитировать
    回复 引用 举报 回覆 檢舉 返信 返信する
    """.split()
)
"""Words of which the controls below a forum's post contain at least one."""
FORUM_WORDS = FORUM_SIGNS | frozenset(
    """
    share improve this answer question follow edit delete close embed save give award hide unhide next prev
    previous root context full comments comment link like likes vote votes up down more options copy multi
    thanks thank post teilen gefällt mir bearbeiten partager modifier editar compartir
    点赞 赞 收藏 分享 编辑 只看该作者 使用道具
    """.split()
)
"""Words that may stand among the controls below a forum's post."""

KEY_POINTS = (
    "key points", "key takeaways", "key facts", "key findings", "main points", "the main points", "takeaways",
    "in brief", "at a glance", "in short", "the short version", "tl;dr", "tldr", "tl; dr", "highlights",
    "story highlights", "summary points", "quick read", "what to know", "what you need to know",
    "the essentials", "bullet points", "executive summary", "quick take", "quick summary", "why it matters",
    "das wichtigste in kürze", "auf einen blick", "kurz zusammengefasst", "das wichtigste", "in kürze",
    "zusammenfassung", "kurz & knapp", "darum geht's", "darum geht’s", "kurz erklärt",
    "en bref", "l'essentiel", "l’essentiel", "à retenir", "ce qu'il faut retenir", "ce qu’il faut retenir",
    "points clés", "les points clés", "en résumé",
    "en breve", "puntos clave", "claves", "las claves", "lo esencial", "en resumen", "resumen",
    "pontos-chave", "em resumo", "resumo", "destaques", "principais pontos",
    "in breve", "punti chiave", "in sintesi", "i punti chiave", "in het kort", "samenvatting", "kort om",
    "kort sagt", "kort fortalt", "oppsummert", "sammanfattning", "w skrócie", "najważniejsze informacje",
    "главное", "коротко", "кратко", "要点", "摘要", "重点", "重點", "核心提示", "内容提要", "ポイント",
    "要約",
    "この記事のポイント", "핵심 요약", "요약",
)  # fmt: skip
"""Headings of a publisher's box of key points, in lower case."""

CONTENTS = (
    "contents", "table of contents", "in this article", "on this page", "in this post", "in this story",
    "jump to",
    "page contents", "article contents", "quick links", "inhalt", "inhaltsverzeichnis", "auf dieser seite",
    "sommaire", "table des matières", "au sommaire", "contenido", "contenidos", "tabla de contenidos",
    "índice",
    "en este artículo", "sumário", "conteúdo", "neste artigo", "indice", "sommario", "inhoud",
    "inhoudsopgave",
    "spis treści", "содержание", "оглавление", "зміст", "innehåll", "innhold", "indhold", "目录", "目錄",
    "文章目录", "目次",
    "목차", "içindekiler", "mục lục", "daftar isi",
)  # fmt: skip
"""Headings of a table of contents, in lower case."""
