"""German phrases."""

from unabridged.stories.attributions.phrases.table import Phrases

_SAYS = (
    "berichtet|berichteten?|meldet|meldeten?|schreibt|schrieben?|zitiert|zitierten?|enthüllte?|erfuhr|vermeldete?|veröffentlichte"
    "|heißt|verbreitete|titelt|recherchierte|publizierte|berichten|melden|schreiben"
)
_SOFT = "sprachen|sprach|spricht|sprechen|zeigt|zeigten?|nannten?|bezeichneten?|kommentiert|kommentierte"
_PRINTED = "bericht(?:s|es|en|e)?|informationen|angaben|recherchen?|artikels?|meldung|meldungen|interviews?|umfrage|beitrags?|gastbeitrags?|kommentars?|kolumne|auswertung|analyse|recherche|darstellung|liveblog"

PHRASES = Phrases(
    article="der|die|das|dem|den|des|dass der|dass die",
    noun=(
        r"(?:[\w-]{1,18} ){0,2}(?:nachrichtenagentur(?:en)?|agentur|zeitung(?:en)?|tageszeitung|wochenzeitung|magazin(?:s|e)?|nachrichtenmagazins?"
        r"|sender(?:s|n)?|fernsehsenders?|blatt(?:s|es)?|portals?|nachrichtenportals?|boulevardzeitung|rundfunksenders?|wirtschaftszeitung|website)"
    ),
    noun_after=r"(?:\([\w .]{2,20}\)|online|am sonntag)",
    report_before=(
        rf"(?<=, )zitierte?|\blaut(?: (?:einem?|einer|den|dem|eines)? ?(?:{_PRINTED})(?: (?:von|der|des|im|in der|in))?)?"
        rf"|\b(?:{_PRINTED}) (?:von|vom|der|des|dem|aus|im|in|in der|durch|für)(?: (?:der|dem))?"
        r"|\b(?:stammt|stammen|stammten) (?:aus|von)(?: (?:der|dem|den|einem bericht der|einem bericht des))?"
        rf"|\b(?:{_SAYS})(?: (?:am|zuerst|zunächst|auch|zuvor|unter anderem|[a-zäöü]{{3,12}}tag|es in|es bei|es im)){{0,3}}"
        r"|\bwie(?: (?:am|zuerst|zunächst|auch|zuvor))?(?= (?:der|die|das|[„\"«])|$)|\bdem|\berfuhr"
    )
    .replace(r"|\bdem|\berfuhr", "")
    .replace(r"|\bwie(?: (?:am|zuerst|zunächst|auch|zuvor))?(?= (?:der|die|das|[„\"«])|$)", ""),
    report_after=(
        rf"(?: [\wäöüß-]{{1,15}}){{0,4}}? (?:{_SAYS})\b(?! es nicht)| (?:{_SOFT})\b(?! sich)| zufolge\b|,? unter (?:berufung|verweis)\b| (?:hat|hatte|haben|hatten)"
        r"(?: [\wäöüß-]{1,15}){0,5}? (?:berichtet|gemeldet|enthüllt|erfahren|veröffentlicht|geschrieben)\b| (?:zugespielt|vorliegt|vorliegen|vorliegenden)\b|-(?:informationen|bericht|berichten|recherchen|angaben|umfrage)\b| beruft sich\b"
    ),
    sure_after=(
        r"(?: (?:am|zuerst|auch|online|[a-zäöü]{3,12}tag)){0,2} (?:berichtet|berichtete|meldet|meldete|schreibt)\b| zufolge\b"
        r"|,? unter (?:berufung|verweis)\b"
    ),
    object_before="auf|für|bei|vom|mit|über|gegen|gehört|gehören|statt",
    told_before=(
        r"\b(?:sagte|sagten|sagt|erklärte|bestätigte|verriet|erzählte|teilte|antwortete|äußerte sich)(?: [\wäöüß.-]{1,20}){0,4}? (?:der|dem|den|gegenüber(?: (?:der|dem))?)"
        r"|\b(?:interview|gespräch|telefonat|interviews)(?: (?:mit|in|bei|für))?(?: (?:der|dem|den|im))?|\b(?:an|nach|rück)frage(?: (?:von|der|des|durch))?"
        r"|\bgegenüber(?: (?:der|dem|den))?|\bvon(?: (?:der|dem))? befragt"
    ),
    spoke_before=r"\b(?:im|in der|beim|bei)",
    spoke_after=r" (?:sagten?|sagt|erklärte|betonte|warnte|verteidigte|kritisierte|forderte|sprach)\b",
    cites_before=(
        rf"\b(?:unter berufung|unter verweis|mit verweis|mit berufung|unter bezug|beruft sich|berief sich|beriefen sich|bezieht sich)(?: (?:dabei|hierbei))? auf"
        rf"(?: (?:einen|den|die|eine|das))?(?: (?:{_PRINTED})(?: (?:von|der|des|in|im|in der))?)?|(?<!, )\b(?:zitierte?n?|zitiert)"
    ),
    cited_by=r"(?:,| )(?:[\wäöüß-]{1,15} ){0,5}(?:berufung|verweis|zitiert|zitierte|beruft|berief)\b",
    that_before=r"\bdass\b",
    credit_before=(
        r"(?:fotos?|bild(?:er|quelle)?|quellen?|grafik|video|symbolbild|archivbild)[:/] ?(?:[A-ZÄÖÜ][\w.'’-]{1,20} ){0,3}(?:[/|] ?)?"
        r"|\b(?:mit )?(?:material|informationen) (?:von|der)$|mit material (?:von|der)"
    ),
    anaphor=r"(?:der|die|das|dem) (?:[\w-]{1,15} )?(?:bericht|agentur|zeitung|blatt|magazin|artikel|sender|nachrichtenagentur)\b",
    open_name=(
        r"\b(?!D(?:er|ie|as|em|en|es) |Ein)(?:[A-ZÄÖÜ][\wäöüß-]{2,20} ){1,2}(?:Zeitung|Rundschau|Anzeiger|Nachrichten|Kurier|Tageblatt|Allgemeine|Presse|Post|Bote|Volksblatt|Stimme|Echo"
        r"|Rundfunk|Morgenpost|Volksstimme|Tagblatt|Landbote|Merkur|Neueste)\b"
    ),
    unnamed=(
        r"\b(?:(?:[A-ZÄÖÜ]?[\wäöüß-]{3,20} )?(?:staatsmedien|staatsfernsehen|staatsagentur|medienberichten?|presseberichten?)|(?:lokale|örtliche|staatliche|regionale|ausländische"
        r"|westliche|internationale|einheimische|russische|chinesische|israelische|iranische|türkische|amerikanische|ukrainische|mehrere|deutsche)n? (?:medien|zeitungen|fernsehsender|nachrichtenagentur))\b"
    ),
    unnamed_hints=(
        "edien",
        "fernsehen",
        "agentur",
        "zeitungen",
        "Zeitungen",
        "resseberichte",
        "ernsehsender",
    ),
)
