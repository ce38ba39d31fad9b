"""English phrases."""

from unabridged.stories.attributions.phrases.table import Phrases

_REPORT = (
    "reports?|reported|reporting|writes|wrote|reveal(?:s|ed)|learned|learnt|discloses|disclosed|published|noted"
    "|quot(?:es|ed)|cit(?:es|ed)|found out|broke the (?:news|story)|uncovered|broadcast|aired|claim(?:s|ed)"
)
_SOFT = "sa(?:id|ys)|adds|added|describe[sd]|confirmed|explain(?:s|ed)|estimate[sd]|calculate[sd]|found|put|called|show(?:s|ed)"
_RESULTS = (
    r"(?! (?:(?:an?|its|record|higher|lower|net|strong|weak|first|second|third|fourth|annual|quarterly|[\w-]{1,12}) ){0,3}"
    "(?:loss|losses|profits?|earnings|revenues?|sales|results|income|growth))"
)
_ADVERBS = (
    r"(?:(?:also|first|has|had|have|later|previously|separately|itself|exclusively|earlier|since|then|correspondents?"
    r"|journalists?|reporters?|editors?|columnist|exclusive|last|this|on|in|week|month|[a-z]{2,9}day|\w{3,12}ly) ){0,4}"
)
_PRINTED = (
    "reports?|articles?|investigations?|interviews?|story|stories|analysis|editorial|column|dispatch|polls?|surveys?"
    "|op-ed|essay|commentary|analyses|review|podcast|documentary|count|tally|coverage|account|database"
)
_PASSIVE = (
    "reported|published|revealed|disclosed|obtained|reviewed|seen|broken|quoted|broadcast|aired|carried|cited|verified"
    "|confirmed|compiled|conducted|commissioned|noted|uncovered|detailed|described|analysed|analyzed|viewed|shared"
)

PHRASES = Phrases(
    article="the|an?|both|britain's|france's|germany's|china's|russia's|japan's|india's|israel's",
    noun=(
        r"(?:[\w’'-]{1,20} ){0,3}(?:news agency|agency|newspaper|newspapers|daily|broadcaster|magazine|website|outlet"
        r"|network|newswire|news site|site|tabloid|weekly|paper|channel|television|news service|news outlet)"
    ),
    noun_after=(
        r"(?:\([\w .]{2,20}\)|newspaper|news agency|agency|magazine|television|tv|radio|website|news|daily|online)"
        r"(?:['’]s (?:[\w-]{1,15} ){0,2}(?:correspondents?|bureau|reporters?|edition))?"
    ),
    report_before=(
        rf"according to(?: (?:an?|the|new|recent) | )?(?:(?:[\w-]{{1,15}} ){{0,3}}(?:{_PRINTED}) (?:by|in|for|from|on|of|published (?:by|in)))?"
        rf"|(?:{_PASSIVE})(?: (?:on|in|last|this|earlier|week|month|year|[\w-]{{2,12}}day)){{0,3}} (?:by|in)|(?:{_PRINTED}) (?:published )?(?:by|in|from|on|for)|comes? from|came from|letter to"
        r"|(?:published|appeared|writing|wrote|written|told readers) (?:in|for)|said in|as|, (?:reports|reported|writes|wrote|says|said)"
    ).replace("|as|", "|"),
    report_after=rf"(?:['’]s)? {_ADVERBS}(?:(?:{_REPORT}){_RESULTS}|(?:{_SOFT})(?! (?:it|its|they|their) (?:would|will|was|is|plan)"
    rf"|its |it had (?!seen|reviewed|obtained|learned|spoken)))\b|,? (?:citing|quoting|which (?:first|cited|quoted|broke|obtained|reviewed))\b"
    rf"|['’]s? (?:[\w-]{{1,15}} ){{0,2}}(?:reports?|investigations?|analysis|reporting|story|stories|tally)\b"
    r"| (?:was|were) (?:the )?first to (?:publish|report|reveal|disclose|obtain)\b| review of [\w ]{3,40}? (?:found|turned up|shows?|showed)\b",
    sure_after=rf"(?:['’]s)? {_ADVERBS}(?:{_REPORT}){_RESULTS}\b|,? (?:citing|quoting)\b",
    object_before="on|in|of|for|at|with|to|by|about|against|than|like",
    told_before=(
        r"\btold(?: reporters (?:at|from))?|(?:interview|conversation|call|briefing|phone call) (?:with|to|for|on|by)"
        r"|\binterviewed by|(?:speaking|spoke|talking|talked|statement|email|e-mail|remarks|comments?|spoken|confirmed|said) (?:to|with)"
        r"|said in (?:an? )?(?:[\w-]{1,12} )?interview (?:with|to|on)|(?:asked|contacted|reached|questioned) by"
        r"|confirmed(?: [\w-]{1,15}){0,4} to|(?:leaked|passed|handed|given) to|\btelling|comment (?:from|by|to)|approached by|inquir(?:y|ies) (?:from|by)"
    ),
    cites_before=(
        rf"\b(?:citing|quoting|cites|quotes|cited|quoted)(?: (?:an?|the|its)?(?: ?[\w-]{{1,15}}){{0,2}} ?(?:{_PRINTED}) (?:by|in|from|on|of))?"
        r"|referring to (?:an? )?(?:reports?|articles?) (?:by|in|from)|picked up by"
    ),
    cited_by=r"(?:['’]s)?,? (?:[\w-]{1,14} ){0,4}(?:citing|quoting|cit(?:es|ed)|quot(?:es|ed)|which cited|which quoted)\b",
    that_before=r"\bthat\b",
    credit_before=(
        r"(?:photos?|photograph|images?|picture|video|credit|source|graphic|illustration)(?: (?:credits?|by|courtesy of|courtesy))?"
        r"[:/]? ?(?:[A-Z][\w.'’-]{1,20},? ){0,3}(?:[/|,] ?|via |for )?|additional reporting (?:by|from)|with (?:files|material|reporting|inputs|additional reporting) (?:from|by)"
        r"|(?:photograph|photo|image) by (?:[\w.'’-]{1,20} ?){1,4}[/|] ?"
    ),
    anaphor=r"(?:the|that|its) (?:[\w-]{1,15} )?(?:report|agency|newspaper|paper|article|broadcaster|outlet|magazine|story)\b",
    open_name=(
        r"\b(?:[A-Z][\w’'&.-]{1,20} ){1,3}(?:Times|Post|News|Herald|Tribune|Gazette|Journal|Daily|Weekly|Chronicle|Observer|Mail"
        r"|Star|Press|Radio|TV|Television|Review|Telegraph|Register|Courier|Inquirer|Examiner|Globe|Mirror|Record|Bulletin"
        r"|Sentinel|Standard|Express|Dispatch|Today|Broadcasting|News Agency|Argus|Advertiser|Enquirer|Leader|Monitor)\b"
    ),
    unnamed=(
        r"\b(?:(?:(?-i:[A-Z])[\w-]{2,15} )?(?:state|local|official|government|foreign|western|state-run|state-owned|state-controlled|domestic"
        r"|international|regional|national|independent|opposition|pro-\w{3,15}|(?-i:[A-Z])\w{2,12}(?:an|ese|ish|sh|ch|li|qi|ni|k))"
        r"(?:[ -](?:news|run|owned|affiliated|linked))? (?:media|television|TV|radio|broadcaster|press|newspapers|news agenc(?:y|ies)|news outlets)"
        r"|(?:media|news|press) reports)\b"
    ),
    unnamed_hints=(
        "media",
        "elevision",
        "TV",
        "radio",
        "roadcaster",
        "press",
        "newspapers",
        "news agenc",
        "news outlets",
        "news reports",
        "News reports",
        "Media",
    ),
)
