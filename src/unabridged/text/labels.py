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
