"""Posts, videos and sounds of other sites as they are embedded."""

from functools import partial
from html import escape

from tests.extraction.templates.story import Story
from tests.extraction.templates.structures.record import Structured, Variant, after
from tests.extraction.templates.structures.texts import TEXTS

TWEET = "https://twitter.com/tidecounter/status/1853000000000000017"
FORMS = {
    "tweet": '<blockquote class="twitter-tweet" data-dnt="true"><p lang="{language}" dir="ltr">{post}</p>&mdash; Tide '
    'Counter (@tidecounter) <a href="'
    + TWEET
    + '?ref_src=twsrc%5Etfw">November 3, 2024</a></blockquote> <script async '
    'src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>',
    "wordpress-tweet": '<figure class="wp-block-embed is-type-rich is-provider-twitter wp-block-embed-twitter"><div '
    'class="wp-block-embed__wrapper">\n<blockquote class="twitter-tweet" data-width="550"><p lang="{language}" dir="ltr">'
    '{post}</p>&mdash; Tide Counter (@tidecounter) <a href="'
    + TWEET
    + '">November 3, 2024</a></blockquote><script async '
    'src="https://platform.twitter.com/widgets.js"></script>\n</div></figure>',
    "lite-youtube": '<lite-youtube videoid="aBcDeFgHiJk" playlabel="{video}" style="background-image:url('
    '\'https://i.ytimg.com/vi/aBcDeFgHiJk/hqdefault.jpg\')"><a href="https://youtube.com/watch?v=aBcDeFgHiJk" '
    'class="lty-playbtn" title="Play Video"><span class="lyt-visually-hidden">{video}</span></a></lite-youtube>',
    "youtube-iframe": '<iframe width="560" height="315" src="https://www.youtube-nocookie.com/embed/aBcDeFgHiJk?start=4" '
    'title="{video}" frameborder="0" allow="autoplay; encrypted-media" allowfullscreen></iframe>',
    "wordpress-youtube": '<figure class="wp-block-embed is-type-video is-provider-youtube wp-embed-aspect-16-9"><div '
    'class="wp-block-embed__wrapper"><iframe loading="lazy" title="{video}" width="500" height="281" '
    'src="https://www.youtube.com/embed/aBcDeFgHiJk?feature=oembed" allowfullscreen></iframe></div><figcaption '
    'class="wp-element-caption">{caption}</figcaption></figure>',
    "instagram": '<blockquote class="instagram-media" data-instgrm-captioned '
    'data-instgrm-permalink="https://www.instagram.com/p/Cx1234abcd/?utm_source=ig_embed" data-instgrm-version="14">'
    '<div style="padding:16px;"><a href="https://www.instagram.com/p/Cx1234abcd/?utm_source=ig_embed" target="_blank">'
    '<div style="padding-top:8px;"><div style="color:#3897f0;">View this post on Instagram</div></div></a><p '
    'style="margin:8px 0 0 0"><a href="https://www.instagram.com/p/Cx1234abcd/?utm_source=ig_embed">A post shared by '
    'Tide Counter (@tidecounter)</a></p></div></blockquote><script async src="//www.instagram.com/embed.js"></script>',
    "mastodon": '<iframe src="https://mastodon.social/@tidecounter/112345678901234567/embed" class="mastodon-embed" '
    'style="max-width: 100%; border: 0" width="400" allowfullscreen="allowfullscreen"></iframe><script '
    'src="https://mastodon.social/embed.js" async="async"></script>',
    "bluesky": '<blockquote class="bluesky-embed" data-bluesky-uri="at://did:plc:abc/app.bsky.feed.post/3kxyz" '
    'data-bluesky-cid="bafyre"><p lang="{language}">{post}</p>&mdash; Tide Counter (<a '
    'href="https://bsky.app/profile/did:plc:abc?ref_src=embed">@tide.example</a>) <a '
    'href="https://bsky.app/profile/did:plc:abc/post/3kxyz?ref_src=embed">March 2, 2025 at 9:14 AM</a></blockquote>'
    '<script async src="https://embed.bsky.app/static/embed.js" charset="utf-8"></script>',
    "vimeo": '<div style="padding:56.25% 0 0 0;position:relative;"><iframe '
    'src="https://player.vimeo.com/video/123456789?h=1a2b&amp;badge=0" style="position:absolute;top:0;left:0" '
    'frameborder="0" allow="autoplay; fullscreen" title="{video}"></iframe></div><script '
    'src="https://player.vimeo.com/api/player.js"></script>',
    "facade": '<div class="rll-youtube-player" data-src="https://www.youtube.com/embed/aBcDeFgHiJk" '
    'data-id="aBcDeFgHiJk" data-query="feature=oembed" data-alt="{video}"></div><noscript><iframe title="{video}" '
    'src="https://www.youtube.com/embed/aBcDeFgHiJk?feature=oembed"></iframe></noscript>',
    "substack-youtube": '<div id="youtube2-aBcDeFgHiJk" class="youtube-wrap" data-attrs="{&quot;videoId&quot;:'
    '&quot;aBcDeFgHiJk&quot;,&quot;startTime&quot;:null}" data-component-name="Youtube2ToDOM"><div class="youtube-inner">'
    '<iframe src="https://www.youtube-nocookie.com/embed/aBcDeFgHiJk?rel=0&amp;autoplay=0" frameborder="0" '
    'width="728" height="409"></iframe></div></div>',
    "audio": '<figure class="wp-block-audio"><audio controls preload="none" src="https://sound.example/tide/morning.mp3">'
    '</audio><figcaption class="wp-element-caption">{caption}</figcaption></figure>',
}
_LEADS_TO = {
    "youtube": "aBcDeFgHiJk",
    "facade": "aBcDeFgHiJk",
    "tweet": "tidecounter/status/1853000000000000017",
    "instagram": "instagram.com/p/Cx1234abcd",
    "mastodon": "mastodon.social/@tidecounter/112345678901234567",
    "bluesky": "bsky.app/profile/did:plc:abc/post/3kxyz",
    "vimeo": "vimeo.com/",
    "audio": "https://sound.example/tide/morning.mp3",
}


def _build(name: str, form: str, story: Story) -> Structured:
    texts = TEXTS[story.language]
    html = form.replace("{language}", story.language)
    html = html.replace("{post}", escape(texts.post)).replace("{video}", escape(texts.video))
    html = html.replace("{caption}", escape(texts.captions[0]))
    target = next(link for key, link in _LEADS_TO.items() if key in name)
    return Structured(
        blocks=after(story, 3, html),
        once=(texts.post,) if "{post}" in form else (),
        body_patterns=(rf'href="[^"]*{target}',),
        body_counts=((escape(texts.captions[0], quote=False), 1),) if "{caption}" in form else (),
        absent=("Play Video",),
    )


VARIANTS: dict[str, Variant] = {name: partial(_build, name, form) for name, form in FORMS.items()}
