"""French phrases."""

from unabridged.stories.attributions.phrases.table import Phrases

_SAYS = (
    "rapporte|rapportent|révèle|révèlent|indique|écrit|écrivent|souligne|affirme|précise|détaille|note|explique|relate|raconte"
    "|annonce|rappelle|assure|estime|évoque|évoquent|croit savoir|parle|parlent|avance|montre|diffuse|témoigne|confirme|publie|cite|citait|titre"
)
_SAID = "rapporté|révélé|indiqué|écrit|souligné|affirmé|précisé|détaillé|noté|expliqué|relaté|annoncé|confirmé|publié|appris|cité|dévoilé|diffusé|montré|obtenu|pu (?:consulter|lire|vérifier)|eu accès|été (?:le|la) premi(?:er|ère)"
_PRINTED = (
    "enquête|articles?|informations?|infos?|interview|reportages?|sondage|éditorial|dépêches?|révélations?|documents?"
    "|chiffres|décompte|comptage|récit|analyse|émission|tribune"
)
_PASSIVE = "révélée?s?|publiée?s?|consultée?s?|citée?s?|obtenue?s?|diffusée?s?|rapportée?s?|parue?s?|vue?s?|dévoilée?s?|recensée?s?|recueillie?s?|relayée?s?"

PHRASES = Phrases(
    article="d['’]|le|la|les|l['’]|du|au|aux|des|un|une",
    noun=(
        r"(?:[\w’'-]{1,15} ){0,2}(?:agence(?: de presse)?|quotidien|journal|site|magazine|média|hebdomadaire|chaîne|radio|télévision|presse"
        r"|site d['’]information)(?: (?:[a-zà-ÿ-]{3,15})){0,2}"
    ),
    noun_after=r"(?:\([\w .’'-]{2,20}\))",
    report_before=(
        rf"selon(?: (?:une?|les|des|l['’]|la|le) ?(?:[\w-]{{1,15}} ){{0,2}}?(?:{_PRINTED})(?: (?:{_PASSIVE}))? (?:de|du|par|dans|à))?"
        rf"|d['’]après(?: (?:une?|les|des|l['’]|la|le) ?(?:[\w-]{{1,15}} ){{0,2}}?(?:{_PRINTED})(?: (?:{_PASSIVE}))? (?:de|du|par|dans|à))?"
        rf"|\b(?:{_SAYS})(?: [\w-]{{1,12}}di| aussi| ce matin| de son côté)?|\b(?:a|ont|avait|l['’]a|comme l['’]avait) (?:{_SAID})"
        r"(?: (?:[\w-]{3,10}di|aussi|dans la soirée|hier|ce matin|de son côté))?"
        r"|\b(?:provient|viennent|proviennent|émane) (?:de|du|des)"
        rf"|\b(?:{_PRINTED}) (?:de|du|des|dans|par|d['’])|\b(?:{_PASSIVE})(?: [\w-]{{3,10}}di| (?:cette|la) semaine(?: dernière)?| ce mois-ci| hier| récemment)? (?:par|dans|sur)"
    ),
    report_after=(
        rf"(?: (?:\([^)]{{1,20}}\)|[\w-]{{3,10}}di|qui|n['’]|en|l['’]|s['’]|lui|aussi)){{0,2}} (?:{_SAYS})\b"
        rf"|(?: [\w-]{{3,10}}di)? (?:a|ont|avait) (?:également |déjà |ainsi |aussi |d['’]abord )?(?:{_SAID})\b"
        r"|,? (?:citant|qui cite|qui citait|s['’]appuyant)\b"
    ),
    sure_after=rf" (?:{_SAYS})\b| (?:a|ont|avait) (?:{_SAID})\b|,? (?:citant|qui cite)\b",
    object_before="pour|chez|sur|avec|contre|par|dans",
    told_before=(
        r"\b(?:déclaré|confié|dit|expliqué|affirmé|indiqué|assuré|confirmé|raconté|répondu|précisé|annoncé|témoigné)"
        r"(?: (?:(?:le|la|un|une|l['’]|ce|cette|mardi|lundi|jeudi|vendredi|\w{2,15}) ?){1,4})? (?:à|au|aux)"
        r"|\b(?:entretien|interview|déclarations?|confidences?|entrevue)(?: (?:[\w-]{1,15})){0,2} (?:à|au|avec|pour|dans)"
        r"|\b(?:interrogée?s?|contactée?s?|jointe?s?|sollicitée?s?|interviewée?s?|questionnée?s?|cité|invitée?s?) (?:[\w-]{3,10} )?(?:par|de|sur)"
        r"|au micro de|à l['’]antenne de|questions? de|auprès d[eu]|(?:explique|confie|raconte|indique|affirme|assure)(?:-t-(?:il|elle|on))? (?:à|au)"
    ),
    cites_before=(
        rf"\b(?:citant|cite|citait|citent|reprenant|relayant|s['’]appuyant sur)(?: (?:une?|les|des|l['’]|la|le) ?(?:{_PRINTED}) (?:de|du|des|dans))?"
    ),
    cited_by=r",? (?:[\w’'-]{1,14} ){0,4}(?:citant|cite|citait|qui cite)\b",
    that_before=r"\bqu(?:e|['’])",
    credit_before=(
        r"(?:crédits?|photos?|images?|source|vidéo|illustration|infographie)(?: photo)?(?: ?: ?| )(?:[A-Z][\w.'’-]{1,20} ){0,3}(?:[/|] ?)?"
        r"|\bavec|[A-ZÀ-Ý][\w-]{1,20} ?/"
    ).replace(r"|\bavec", r"|^\(?avec"),
    anaphor=r"(?:le|la|l['’]|ce|cet|cette) ?(?:quotidien|journal|agence|rapport|article|site|magazine|chaîne|média)\b",
    open_name=(
        r"\b(?:La |Le |L['’])?(?:Gazette|Courrier|Journal|Dépêche|Voix|Écho|Echo|Quotidien|Tribune|Nouvelles?|Radio|Dauphiné|Messager"
        r"|Républicain|Télégramme|Éclair|Progrès|Populaire|Indépendant|Matin|Soir)(?: (?:de|du|des|la|le)| d['’][A-ZÀ-Ý][\w-]{1,20}"
        r"| l['’][A-ZÀ-Ý][\w-]{1,20}| [A-ZÀ-Ý][\w-]{1,20}){1,3}"
    ),
    unnamed=(
        r"\b(?:les |des |la |plusieurs )?(?:médias?|presse|télévision|radio|agence de presse|chaînes?)(?: (?:d['’]État|d['’]Etat|locale?|locaux|officielle?s?"
        r"|étatiques?|étrang(?:er|ère)s?|occidentaux|occidentale|publi(?:c|que|cs|ques)|chinoise?s?|russes?|français(?:es?)?|américain(?:e?s?)|israéliens?"
        r"|iraniens?|gouvernementaux|nationale|nationaux|internationaux|internationale))"
    ),
)
