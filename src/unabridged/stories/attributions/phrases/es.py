"""Spanish phrases."""

from unabridged.stories.attributions.phrases.table import Phrases

_SAYS = (
    "inform(?:a|ó|an|aron)|public(?:a|ó|an|aron)|revel(?:a|ó)|señal(?:a|ó)|asegur(?:a|ó|an)|escrib(?:e|ió)|report(?:a|ó|an|aron)|indic(?:a|ó)"
    "|detall(?:a|ó)|adelant(?:a|ó)|cuenta|contó|relata|relató|recoge|recogió|precisó|precisa|destac(?:a|ó)|difundió|confirmó|habla|hablan|apunt(?:a|ó)|desvel(?:a|ó|an)|muestra|mostr(?:ó|aron)|emitió|cita|citó"
)
_SAID = "informado|publicado|revelado|señalado|asegurado|escrito|reportado|adelantado|confirmado|sabido|difundido|citado"
_PRINTED = "informes?|artículos?|investigación|información|informaciones|reportajes?|entrevista|noticia|editorial|crónica|despacho|encuesta|tribuna|columna|carta|revisión|análisis|documentos?|datos|recuento"
_PASSIVE = "publicad[oa]s?|revelad[oa]s?|difundid[oa]s?|citad[oa]s?|consultad[oa]s?|obtenid[oa]s?|recogid[oa]s?|divulgad[oa]s?"

PHRASES = Phrases(
    article="el|la|los|las|al|del|un|una",
    noun=(
        r"(?:[\wáéíóúñ-]{1,15} ){0,2}(?:agencia(?: de noticias)?|diario|periódico|cadena|canal|revista|portal|medio|semanario|emisora|web|rotativo)"
        r"(?: (?:[a-záéíóúñ-]{2,15})){0,4}"
    ),
    noun_after=r"(?:\([\w .]{2,20}\))",
    report_before=(
        rf"\b(?:según|de acuerdo con|de acuerdo a|conforme a)(?: (?:un|una|el|la|los|las) (?:{_PRINTED})(?: (?:{_PASSIVE}))? (?:de|del|por|en))?"
        rf"|\b(?:{_SAYS})(?: (?:el |este )?(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)| también| hoy| ayer)?"
        rf"|\b(?:ha|han|había) (?:{_SAID})|\b(?:{_PRINTED}) (?:de|del|en|por)|\b(?:{_PASSIVE})(?: (?:esta semana|este mes|ayer|hoy|recientemente|el [a-záéíóú]{{5,9}}))? (?:por|en)"
        r"|\b(?:procede|proceden|proviene|provienen|sale) (?:de|del)|\b(?:tuvo|tuvieron|ha tenido) acceso"
    ),
    report_after=(
        rf"(?:, que|,)?(?: (?:[\wáéíóú-]{{1,12}})){{0,2}}? (?:{_SAYS})\b| (?:ha|han|había) (?:{_SAID})\b|,? (?:citando|que cita|que citó)\b| tuvo acceso\b| fue (?:el|la) primer[oa] en (?:publicar|informar|revelar)\b"
    ),
    sure_after=rf" (?:{_SAYS})\b| (?:ha|han|había) (?:{_SAID})\b|,? (?:citando|que cita)\b",
    object_before="para|con|por|sobre|contra|en",
    told_before=(
        r"\b(?:dij(?:o|eron)|declar(?:ó|aron)|afirm(?:ó|aron)|explic(?:ó|aron)|confirm(?:ó|aron)|asegur(?:ó|aron)|filtrad[oa]s?|contó|comentó|señaló|respondió|relató|confesó|manifestó|indicó|reveló|ha dicho|ha explicado)"
        r"(?: (?!que)[\wáéíóúñ-]{1,15}){0,4}? (?:a|al)|\b(?:relató|contó|explicó|declaró|dijo)(?: (?!que)[\wáéíóúñ-]{1,15}){0,2}? en|\b(?:entrevista|conversación|diálogo|declaraciones|declaración|charla)(?: (?:[\wáéíóúñ-]{3,15}))?"
        r" (?:con|a|al|en|para)|\b(?:consultad|preguntad|contactad|entrevistad|interrogad)[oa]s? por|\bmicrófonos de|\bpreguntas de|\bsolicitud de comentarios de"
    ),
    cites_before=(
        rf"\b(?:citando|cita|citó|citan|citaron|que cita|recogiendo|con base en)(?: (?:un|una|el|la) (?:{_PRINTED}) (?:de|del))?(?: a| al)?"
    ),
    cited_by=r",? (?:[\wáéíóúñ-]{1,14} ){0,4}(?:citando|cita|citó|citan)\b",
    that_before=r"\bque\b",
    credit_before=(
        r"(?:fotos?|imagen|fuente|crédito|fotografía|vídeo|video|gráfico)(?: ?: ?| de )(?:[A-Z][\w.'’-]{1,20} ){0,3}(?:[/|] ?)?"
        r"|\bcon información de|\bcon datos de|\bcon material de|[A-Z][\w-]{1,20} ?/"
    ),
    anaphor=r"(?:el|la|ese|esa) (?:diario|periódico|agencia|informe|medio|cadena|revista|artículo)\b",
    open_name=(
        r"\b(?:El |La )?(?:Gaceta|Heraldo|Diario|Correo|Noticias|Voz|Radio|Periódico|Crónica|Tribuna|Prensa|Eco|Mercurio|Comercio|Semanario|Norte|Día)"
        r"(?: (?:de|del|la|el|las|los)| [A-ZÁÉÍÓÚÑ][\wáéíóúñ-]{1,20}){1,3}"
    ),
    unnamed=(
        r"\b(?:medios(?: de comunicación)?|prensa|televisión|radio|agencia|cadena)(?: (?:estatal(?:es)?|local(?:es)?|oficial(?:es)?|extranjer[oa]s?|internacional(?:es)?"
        r"|occidental(?:es)?|públic[oa]s?|chin[oa]s?|rus[oa]s?|israelíes|iraníes|nacional(?:es)?|españoles|estadounidenses|gubernamental(?:es)?))"
    ),
)
