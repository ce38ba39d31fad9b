"""Month names of many languages (Unicode CLDR), written by train/month_names.py."""

# language -> twelve groups parted by '|', names by spaces; a space in a name is written '_'.
MONTH_NAMES: dict[str, str] = {
    "en": (
        "january jan | february feb | march mar | april apr | may | june jun | july jul | august aug "
        "| september sep sept | october oct | november nov | december dec"
    ),
    "es": (
        "enero ene | febrero feb | marzo mar | abril abr | mayo may | junio jun | julio jul | agosto "
        "ago | septiembre sept setiembre sep set | octubre oct | noviembre nov | diciembre dic"
    ),
    "pt": (
        "janeiro jan | fevereiro fev | março mar | abril abr | maio mai | junho jun | julho jul | "
        "agosto ago | setembro set | outubro out | novembro nov | dezembro dez"
    ),
    "fr": (
        "janvier janv | février févr fév fevr | mars | avril avr | mai | juin | juillet juil juill | "
        "août aou | septembre sept | octobre oct | novembre nov | décembre déc"
    ),
    "de": (
        "januar jan jänner jän | februar feb feber | märz mär mrz | april apr | mai | juni jun | "
        "juli jul | august aug | september sept sep | oktober okt | november nov | dezember dez"
    ),
    "it": (
        "gennaio gen genn | febbraio feb febb | marzo mar | aprile apr | maggio mag magg | giugno "
        "giu | luglio lug | agosto ago | settembre set sett | ottobre ott | novembre nov | dicembre "
        "dic"
    ),
    "nl": (
        "januari jan | februari feb | maart mrt | april apr | mei | juni jun | juli jul | augustus "
        "aug | september sep | oktober okt | november nov | december dec"
    ),
    "pl": (
        "stycznia styczeń sty | lutego luty lut | marca marzec mar | kwietnia kwiecień kwi | maja "
        "maj | czerwca czerwiec cze | lipca lipiec lip | sierpnia sierpień sie | września wrzesień "
        "wrz | października październik paź | listopada listopad lis | grudnia grudzień gru"
    ),
    "ru": (
        "января январь янв | февраля февраль февр | марта март мар | апреля апрель апр | мая май | "
        "июня июнь июн | июля июль июл | августа август авг | сентября сентябрь сент | октября "
        "октябрь окт | ноября ноябрь нояб | декабря декабрь дек"
    ),
    "uk": (
        "січня січень січ | лютого лютий лют | березня березень бер | квітня квітень квіт | травня "
        "травень трав | червня червень черв | липня липень лип | серпня серпень серп | вересня "
        "вересень вер | жовтня жовтень жовт | листопада листопад лист | грудня грудень груд"
    ),
    "tr": (
        "ocak oca | şubat şub | mart mar | nisan nis | mayıs may | haziran haz | temmuz tem | "
        "ağustos ağu | eylül eyl | ekim eki | kasım kas | aralık ara"
    ),
    "id": (
        "januari jan | februari feb peb | maret mar | april apr | mei | juni jun | juli jul | "
        "agustus agu agt ags | september sep | oktober okt | november nov nop | desember des"
    ),
    "ar": (
        "يناير | فبراير | مارس | أبريل ابريل | مايو | يونيو يونية | يوليو يولية | أغسطس اغسطس | "
        "سبتمبر | أكتوبر اكتوبر | نوفمبر نونبر | ديسمبر دجنبر"
    ),
    "ar-LB": (
        "كانون_الثاني يناير | شباط فبراير | آذار مارس | نيسان أبريل | أيار مايو | حزيران يونيو | "
        "تموز يوليو | آب أغسطس | أيلول سبتمبر | تشرين_الأول أكتوبر | تشرين_الثاني نوفمبر | "
        "كانون_الأول ديسمبر"
    ),
    "ar-DZ": (
        "جانفي يناير | فيفري فبراير | مارس | أفريل أبريل | ماي مايو | جوان يونيو | جويلية يوليو | "
        "أوت أغسطس | سبتمبر | أكتوبر | نوفمبر | ديسمبر"
    ),
    "ar-MA": (
        "يناير | فبراير | مارس | أبريل | ماي مايو | يونيو | يوليوز يوليو | غشت أغسطس | شتنبر سبتمبر "
        "| أكتوبر | نونبر نوفمبر | دجنبر ديسمبر"
    ),
    "fa": (
        "ژانویهٔ ژانویه | فوریهٔ فوریه | مارس | آوریل | مهٔ مه | ژوئن | ژوئیهٔ ژوئیه | اوت | سپتامبر "
        "| اکتبر | نوامبر | دسامبر"
    ),
    "hi": (
        "जनवरी जन॰ | फ़रवरी फ़र॰ | मार्च | अप्रैल | मई | जून | जुलाई जुल॰ | अगस्त अग॰ | सितंबर सित॰ "
        "सितम्बर | अक्टूबर अक्टू॰ | नवंबर नव॰ नवम्बर | दिसंबर दिस॰ दिसम्बर"
    ),
    "th": (
        "มกราคม มค | กุมภาพันธ์ กพ | มีนาคม มีค | เมษายน เมย | พฤษภาคม พค | มิถุนายน มิย | กรกฎาคม "
        "กค | สิงหาคม สค | กันยายน กย | ตุลาคม ตค | พฤศจิกายน พย | ธันวาคม ธค"
    ),
    "el": (
        "ιανουαρίου ιανουάριοσ ιαν | φεβρουαρίου φεβρουάριοσ φεβ | μαρτίου μάρτιοσ μαρ μάρ | "
        "απριλίου απρίλιοσ απρ | μαΐου μάιοσ μαΐ μάι | ιουνίου ιούνιοσ ιουν ιούν | ιουλίου "
        "ιούλιοσ ιουλ ιούλ | αυγούστου αύγουστοσ αυγ αύγ | σεπτεμβρίου σεπτέμβριοσ σεπ | οκτωβρίου "
        "οκτώβριοσ οκτ | νοεμβρίου νοέμβριοσ νοε νοέ | δεκεμβρίου δεκέμβριοσ δεκ"
    ),
    "cs": (
        "ledna leden led | února únor úno | března březen bře | dubna duben dub | května květen kvě "
        "| června červen čvn | července červenec čvc | srpna srpen srp | září zář | října říjen říj "
        "| listopadu listopad lis | prosince prosinec pro"
    ),
    "sk": (
        "januára január jan | februára február feb | marca marec mar | apríla apríl apr | mája máj | "
        "júna jún | júla júl | augusta august aug | septembra september sep | októbra október okt | "
        "novembra november nov | decembra december dec"
    ),
    "hu": (
        "január jan | február febr | március márc | április ápr | május máj | június jún | július "
        "júl | augusztus aug | szeptember szept | október okt | november nov | december dec"
    ),
    "ro": (
        "ianuarie ian | februarie feb | martie mar | aprilie apr | mai | iunie iun | iulie iul | "
        "august aug | septembrie sept | octombrie oct | noiembrie nov | decembrie dec"
    ),
    "bg": (
        "януари яну | февруари фев | март | април апр | май | юни | юли | август авг | септември сеп "
        "| октомври окт | ноември ное | декември дек"
    ),
    "sr": (
        "јануар јан | фебруар феб | март мар | април апр | мај | јун | јул | август авг | септембар "
        "сеп | октобар окт | новембар нов | децембар дец"
    ),
    "sr-Latn": (
        "januar jan | februar feb | mart mar | april apr | maj | jun | jul | avgust avg | septembar "
        "sep | oktobar okt | novembar nov | decembar dec"
    ),
    "hr": (
        "siječnja siječanj sij | veljače veljača velj | ožujka ožujak ožu | travnja travanj tra | "
        "svibnja svibanj svi | lipnja lipanj lip | srpnja srpanj srp | kolovoza kolovoz kol | rujna "
        "rujan ruj | listopada listopad lis | studenoga studeni stu | prosinca prosinac pro"
    ),
    "bs": (
        "januar jan | februar feb | mart mar | april apr | maj | juni jun | juli jul | august aug | "
        "septembar sep | oktobar okt | novembar nov | decembar dec"
    ),
    "sl": (
        "januar jan | februar feb | marec mar | april apr | maj | junij jun | julij jul | avgust avg "
        "| september sep | oktober okt | november nov | december dec"
    ),
    "mk": (
        "јануари јан | февруари фев | март мар | април апр | мај | јуни јун | јули јул | август авг "
        "| септември сеп | октомври окт | ноември ное | декември дек"
    ),
    "sq": (
        "janar jan | shkurt shk | mars mar | prill pri | maj | qershor qer | korrik korr | gusht "
        "gush | shtator sht | tetor tet | nëntor nën | dhjetor dhj"
    ),
    "be": (
        "студзеня студзень сту | лютага люты лют | сакавіка сакавік сак | красавіка красавік кра | "
        "мая май | чэрвеня чэрвень чэр | ліпеня ліпень ліп | жніўня жнівень жні | верасня верасень "
        "вер | кастрычніка кастрычнік кас | лістапада лістапад ліс | снежня снежань сне"
    ),
    "da": (
        "januar jan | februar feb | marts mar | april apr | maj | juni jun | juli jul | august aug | "
        "september sep | oktober okt | november nov | december dec"
    ),
    "nb": (
        "januar jan | februar feb | mars mar | april apr | mai | juni jun | juli jul | august aug | "
        "september sep | oktober okt | november nov | desember des"
    ),
    "nn": (
        "januar jan | februar feb | mars mar | april apr | mai | juni jun | juli jul | august aug | "
        "september sep | oktober okt | november nov | desember des"
    ),
    "sv": (
        "januari jan | februari feb | mars | april apr | maj | juni | juli | augusti aug | september "
        "sep | oktober okt | november nov | december dec"
    ),
    "fi": (
        "tammikuuta tammikuu tammi | helmikuuta helmikuu helmi | maaliskuuta maaliskuu maalis | "
        "huhtikuuta huhtikuu huhti | toukokuuta toukokuu touko | kesäkuuta kesäkuu kesä | heinäkuuta "
        "heinäkuu heinä | elokuuta elokuu elo | syyskuuta syyskuu syys | lokakuuta lokakuu loka | "
        "marraskuuta marraskuu marras | joulukuuta joulukuu joulu"
    ),
    "et": (
        "jaanuar jaan | veebruar veebr | märts | aprill apr | mai | juuni | juuli | august aug | "
        "september sept | oktoober okt | november nov | detsember dets"
    ),
    "lv": (
        "janvāris janv | februāris febr | marts | aprīlis apr | maijs | jūnijs jūn | jūlijs jūl | "
        "augusts aug | septembris sept | oktobris okt | novembris nov | decembris dec"
    ),
    "lt": (
        "sausio sausis saus | vasario vasaris vas | kovo kovas kov | balandžio balandis bal | "
        "gegužės gegužė geg | birželio birželis birž | liepos liepa liep | rugpjūčio rugpjūtis rugp "
        "| rugsėjo rugsėjis rugs | spalio spalis spal | lapkričio lapkritis lapkr | gruodžio gruodis "
        "gruod"
    ),
    "is": (
        "janúar jan | febrúar feb | mars mar | apríl apr | maí | júní jún | júlí júl | ágúst ágú | "
        "september sep | október okt | nóvember nóv | desember des"
    ),
    "ga": (
        "eanáir ean | feabhra feabh | márta | aibreán aib | bealtaine beal | meitheamh meith | iúil "
        "| lúnasa lún | meán_fómhair mfómh | deireadh_fómhair dfómh | samhain samh | nollaig noll"
    ),
    "cy": (
        "ionawr ion | chwefror chwef chw | mawrth maw | ebrill ebr | mai | mehefin meh | gorffennaf "
        "gorff gor | awst | medi | hydref hyd | tachwedd tach | rhagfyr rhag"
    ),
    "ca": (
        "de_gener gener de_gen gen | de_febrer febrer de_febr febr | de_març març | dabril abril "
        "dabr abr | de_maig maig | de_juny juny | de_juliol juliol de_jul jul | dagost agost dag ag "
        "| de_setembre setembre de_set set | doctubre octubre doct oct | de_novembre novembre de_nov "
        "nov | de_desembre desembre de_des des"
    ),
    "gl": (
        "xaneiro xan | febreiro feb | marzo mar | abril abr | maio | xuño | xullo xul | agosto ago | "
        "setembro set | outubro out | novembro nov | decembro dec"
    ),
    "eu": (
        "urtarrila urt | otsaila ots | martxoa mar | apirila api | maiatza mai | ekaina eka | "
        "uztaila uzt | abuztua abu | iraila ira | urria urr | azaroa aza | abendua abe"
    ),
    "mt": (
        "jannar jan | frar fra | marzu mar | april apr | mejju mej | ġunju ġun | lulju lul | awwissu "
        "aww | settembru set | ottubru ott | novembru nov | diċembru diċ"
    ),
    "he": (
        "ינואר ינו׳ | פברואר פבר׳ | מרץ | אפריל אפר׳ | מאי | יוני | יולי | אוגוסט אוג׳ | ספטמבר ספט׳ "
        "| אוקטובר אוק׳ | נובמבר נוב׳ | דצמבר דצמ׳"
    ),
    "az": (
        "yanvar ינואר yan ינו׳ | fevral פברואר fev פבר׳ | mart מרץ mar | aprel אפריל apr אפר׳ | may "
        "מאי | iyun יוני iyn | iyul יולי iyl | avqust אוגוסט avq אוג׳ | sentyabr ספטמבר sen ספט׳ | "
        "oktyabr אוקטובר okt אוק׳ | noyabr נובמבר noy נוב׳ | dekabr דצמבר dek דצמ׳"
    ),
    "kk": (
        "қаңтар қаң ינו׳ | ақпан ақп פבר׳ | наурыз нау מרץ | сәуір сәу אפר׳ | мамыр мам מאי | маусым "
        "мау יוני | шілде шіл יולי | тамыз там אוג׳ | қыркүйек қыр ספט׳ | қазан қаз אוק׳ | қараша "
        "қар נוב׳ | желтоқсан жел דצמ׳"
    ),
    "ky": (
        "январь янв | февраль фев | март мар | апрель апр | май | июнь июн | июль июл | август авг | "
        "сентябрь сен | октябрь окт | ноябрь ноя | декабрь дек"
    ),
    "uz": (
        "yanvar yan | fevral fev | mart mar | aprel apr | may | iyun iyn | iyul iyl | avgust avg | "
        "sentabr sen | oktabr okt | noyabr noy | dekabr dek"
    ),
    "mn": (
        "нэгдүгээр_сар ינו׳ | хоёрдугаар_сар פבר׳ | гуравдугаар_сар מרץ | дөрөвдүгээр_сар אפר׳ | "
        "тавдугаар_сар מאי | зургаадугаар_сар יוני | долоодугаар_сар יולי | наймдугаар_сар אוג׳ | "
        "есдүгээр_сар ספט׳ | аравдугаар_сар אוק׳ | арван_нэгдүгээр_сар נוב׳ | арван_хоёрдугаар_сар "
        "דצמ׳"
    ),
    "hy": (
        "հունվարի հունվար հնվ ינו׳ | փետրվարի փետրվար փտվ פבר׳ | մարտի մարտ մրտ מרץ | ապրիլի ապրիլ "
        "ապր אפר׳ | մայիսի մայիս մյս מאי | հունիսի հունիս հնս יוני | հուլիսի հուլիս հլս יולי | "
        "օգոստոսի օգոստոս օգս אוג׳ | սեպտեմբերի սեպտեմբեր սեպ ספט׳ | հոկտեմբերի հոկտեմբեր հոկ אוק׳ | "
        "նոյեմբերի նոյեմբեր նոյ נוב׳ | դեկտեմբերի դեկտեմբեր դեկ דצמ׳"
    ),
    "ka": (
        "იანვარი ינואר იან ינו׳ | თებერვალი פברואר თებ פבר׳ | მარტი מרץ მარ | აპრილი אפריל აპრ אפר׳ "
        "| მაისი מאי მაი | ივნისი יוני ივნ | ივლისი יולי ივლ | აგვისტო אוגוסט აგვ אוג׳ | სექტემბერი "
        "ספטמבר სექ ספט׳ | ოქტომბერი אוקטובר ოქტ אוק׳ | ნოემბერი נובמבר ნოე נוב׳ | დეკემბერი דצמבר "
        "დეკ דצמ׳"
    ),
    "bn": (
        "জানুয়ারী ינואר জানু | ফেব্রুয়ারী פברואר ফেব | মার্চ מרץ | এপ্রিল אפריל এপ্রি | মে מאי | "
        "জুন יוני | জুলাই יולי জুল | আগস্ট אוגוסט আগ | সেপ্টেম্বর ספטמבר সেপ | অক্টোবর אוקטובר অক্টো "
        "| নভেম্বর נובמבר নভে | ডিসেম্বর דצמבר ডিসে"
    ),
    "ur": (
        "جنوری ינואר ינו׳ | فروری פברואר פבר׳ | مارچ מרץ | اپریل אפריל אפר׳ | مئی מאי | جون יוני | "
        "جولائی יולי | اگست אוגוסט אוג׳ | ستمبر ספטמבר ספט׳ | اکتوبر אוקטובר אוק׳ | نومبر נובמבר "
        "נוב׳ | دسمبر דצמבר דצמ׳"
    ),
    "ta": (
        "ஜனவரி ינואר ஜன ינו׳ | பிப்ரவரி פברואר பிப் פבר׳ | மார்ச் מרץ மார் | ஏப்ரல் אפריל ஏப் אפר׳ | "
        "மே מאי | ஜூன் יוני | ஜூலை יולי | ஆகஸ்ட் אוגוסט ஆக אוג׳ | செப்டம்பர் ספטמבר செப் ספט׳ | "
        "அக்டோபர் אוקטובר அக் אוק׳ | நவம்பர் נובמבר நவ נוב׳ | டிசம்பர் דצמבר டிச דצמ׳"
    ),
    "te": (
        "జనవరి ינואר జన ינו׳ | ఫిబ్రవరి פברואר ఫిబ్ర פבר׳ | మార్చి מרץ | ఏప్రిల్ אפריל ఏప్రి אפר׳ | "
        "మే מאי | జూన్ יוני | జులై יולי | ఆగస్టు אוגוסט ఆగ אוג׳ | సెప్టెంబర్ ספטמבר సెప్టెం ספט׳ | "
        "అక్టోబర్ אוקטובר అక్టో אוק׳ | నవంబర్ נובמבר నవం נוב׳ | డిసెంబర్ דצמבר డిసెం דצמ׳"
    ),
    "mr": (
        "जानेवारी ינואר जाने ינו׳ | फेब्रुवारी פברואר फेब्रु פבר׳ | मार्च מרץ | एप्रिल אפריל एप्रि "
        "אפר׳ | मे מאי | जून יוני | जुलै יולי | ऑगस्ट אוגוסט ऑग אוג׳ | सप्टेंबर ספטמבר सप्टें ספט׳ | "
        "ऑक्टोबर אוקטובר ऑक्टो אוק׳ | नोव्हेंबर נובמבר नोव्हें נוב׳ | डिसेंबर דצמבר डिसें דצמ׳"
    ),
    "gu": (
        "જાન્યુઆરી ינואר જાન્યુ ינו׳ | ફેબ્રુઆરી פברואר ફેબ્રુ פבר׳ | માર્ચ מרץ | એપ્રિલ אפריל אפר׳ "
        "| મે מאי | જૂન יוני | જુલાઈ יולי | ઑગસ્ટ אוגוסט אוג׳ | સપ્ટેમ્બર ספטמבר સપ્ટે ספט׳ | "
        "ઑક્ટોબર אוקטובר ઑક્ટો אוק׳ | નવેમ્બર נובמבר નવે נוב׳ | ડિસેમ્બર דצמבר ડિસે דצמ׳"
    ),
    "kn": (
        "ಜನವರಿ ינואר ಜನ | ಫೆಬ್ರವರಿ פברואר ಫೆಬ್ರ | ಮಾರ್ಚ್ מרץ | ಏಪ್ರಿಲ್ אפריל ಏಪ್ರಿ | ಮೇ מאי | ಜೂನ್ "
        "יוני | ಜುಲೈ יולי | ಆಗಸ್ಟ್ אוגוסט ಆಗ | ಸೆಪ್ಟೆಂಬರ್ ספטמבר ಸೆಪ್ಟೆಂ | ಅಕ್ಟೋಬರ್ אוקטובר ಅಕ್ಟೋ | "
        "ನವೆಂಬರ್ נובמבר ನವೆಂ | ಡಿಸೆಂಬರ್ דצמבר ಡಿಸೆಂ"
    ),
    "ml": (
        "ജനുവരി ינואר ജനു ינו׳ | ഫെബ്രുവരി פברואר ഫെബ്രു פבר׳ | മാർച്ച് מרץ മാർ | ഏപ്രിൽ אפריל ഏപ്രി "
        "אפר׳ | മേയ് מאי | ജൂൺ יוני | ജൂലൈ יולי | ഓഗസ്റ്റ് אוגוסט ഓഗ אוג׳ | സെപ്റ്റംബർ ספטמבר "
        "സെപ്റ്റം ספט׳ | ഒക്ടോബർ אוקטובר ഒക്ടോ אוק׳ | നവംബർ נובמבר നവം נוב׳ | ഡിസംബർ דצמבר ഡിസം דצמ׳"
    ),
    "pa": (
        "ਜਨਵਰੀ ינואר ਜਨ ינו׳ | ਫ਼ਰਵਰੀ פברואר ਫ਼ਰ פבר׳ | ਮਾਰਚ מרץ | ਅਪ੍ਰੈਲ אפריל ਅਪ੍ਰੈ אפר׳ | ਮਈ מאי "
        "| ਜੂਨ יוני | ਜੁਲਾਈ יולי ਜੁਲਾ | ਅਗਸਤ אוגוסט ਅਗ אוג׳ | ਸਤੰਬਰ ספטמבר ਸਤੰ ספט׳ | ਅਕਤੂਬਰ אוקטובר "
        "ਅਕਤੂ אוק׳ | ਨਵੰਬਰ נובמבר ਨਵੰ נוב׳ | ਦਸੰਬਰ דצמבר ਦਸੰ דצמ׳"
    ),
    "ne": (
        "जनवरी ינואר ינו׳ | फेब्रुअरी פברואר פבר׳ | मार्च מרץ | अप्रिल אפריל אפר׳ | मे מאי | जुन "
        "יוני | जुलाई יולי | अगस्ट אוגוסט אוג׳ | सेप्टेम्बर ספטמבר ספט׳ | अक्टोबर אוקטובר אוק׳ | "
        "नोभेम्बर נובמבר נוב׳ | डिसेम्बर דצמבר דצמ׳"
    ),
    "si": (
        "ජනවාරි ינואר ජන | පෙබරවාරි פברואר පෙබ | මාර්තු מרץ මාර් | අප්රේල් אפריל | මැයි מאי | ජූනි "
        "יוני | ජූලි יולי | අගෝස්තු אוגוסט අගෝ | සැප්තැම්බර් ספטמבר සැප් | ඔක්තෝබර් אוקטובר ඔක් | "
        "නොවැම්බර් נובמבר නොවැ | දෙසැම්බර් דצמבר දෙසැ"
    ),
    "km": (
        "មករា ינואר ינו׳ | កុម្ភៈ פברואר פבר׳ | មីនា מרץ | មេសា אפריל אפר׳ | ឧសភា מאי | មិថុនា יוני "
        "| កក្កដា יולי | សីហា אוגוסט אוג׳ | កញ្ញា ספטמבר ספט׳ | តុលា אוקטובר אוק׳ | វិច្ឆិកា נובמבר "
        "נוב׳ | ធ្នូ דצמבר דצמ׳"
    ),
    "my": (
        "ဇန်နဝါရီ ינואר ဇန် ינו׳ | ဖေဖော်ဝါရီ פברואר ဖေ פבר׳ | မတ် מרץ | ဧပြီ אפריל אפר׳ | မေ מאי | "
        "ဇွန် יוני | ဇူလိုင် יולי ဇူ | ဩဂုတ် אוגוסט אוג׳ | စက်တင်ဘာ ספטמבר စက် ספט׳ | အောက်တိုဘာ "
        "אוקטובר အောက် אוק׳ | နိုဝင်ဘာ נובמבר နို נוב׳ | ဒီဇင်ဘာ דצמבר ဒီ דצמ׳"
    ),
    "lo": (
        "ມັງກອນ ינואר ມກ ינו׳ | ກຸມພາ פברואר ກພ פבר׳ | ມີນາ מרץ ມນ | ເມສາ אפריל ມສ אפר׳ | ພຶດສະພາ "
        "מאי ພພ | ມິຖຸນາ יוני ມິຖ | ກໍລະກົດ יולי ກລ | ສິງຫາ אוגוסט ສຫ אוג׳ | ກັນຍາ ספטמבר ກຍ ספט׳ | "
        "ຕຸລາ אוקטובר ຕລ אוק׳ | ພະຈິກ נובמבר ພຈ נוב׳ | ທັນວາ דצמבר ທວ דצמ׳"
    ),
    "ms": (
        "januari ינואר jan ינו׳ | februari פברואר feb פבר׳ | mac מרץ | april אפריל apr אפר׳ | mei "
        "מאי | jun יוני | julai יולי jul | ogos אוגוסט ogo אוג׳ | september ספטמבר sep ספט׳ | "
        "oktober אוקטובר okt אוק׳ | november נובמבר nov נוב׳ | disember דצמבר dis דצמ׳"
    ),
    "fil": (
        "enero ינואר ene ינו׳ | pebrero פברואר peb פבר׳ | marso מרץ mar | abril אפריל abr אפר׳ | "
        "mayo מאי may | hunyo יוני hun | hulyo יולי hul | agosto אוגוסט ago אוג׳ | setyembre ספטמבר "
        "set ספט׳ | oktubre אוקטובר okt אוק׳ | nobyembre נובמבר nob נוב׳ | disyembre דצמבר dis דצמ׳"
    ),
    "sw": (
        "januari ינואר jan ינו׳ | februari פברואר feb פבר׳ | machi מרץ mac | aprili אפריל apr אפר׳ | "
        "mei מאי | juni יוני jun | julai יולי jul | agosti אוגוסט ago אוג׳ | septemba ספטמבר sep "
        "ספט׳ | oktoba אוקטובר okt אוק׳ | novemba נובמבר nov נוב׳ | desemba דצמבר des דצמ׳"
    ),
    "af": (
        "januarie ינואר jan ינו׳ | februarie פברואר feb פבר׳ | maart מרץ mrt | april אפריל apr אפר׳ "
        "| mei מאי | junie יוני jun | julie יולי jul | augustus אוגוסט aug אוג׳ | september ספטמבר "
        "sep ספט׳ | oktober אוקטובר okt אוק׳ | november נובמבר nov נוב׳ | desember דצמבר des דצמ׳"
    ),
    "am": (
        "ጃንዋሪ ינואר ጃን ינו׳ | ፌብሩዋሪ פברואר ፌብ פבר׳ | ማርች מרץ | ኤፕሪል אפריל ኤፕሪ אפר׳ | ሜይ מאי | ጁን "
        "יוני | ጁላይ יולי | ኦገስት אוגוסט ኦገስ אוג׳ | ሴፕቴምበር ספטמבר ሴፕቴ ספט׳ | ኦክቶበር אוקטובר ኦክቶ אוק׳ | "
        "ኖቬምበር נובמבר ኖቬም נוב׳ | ዲሴምበር דצמבר ዲሴም דצמ׳"
    ),
    "so": (
        "janaayo jannaayo jan ינו׳ | febraayo feb פבר׳ | maarso mar מרץ | abriil abr אפר׳ | maayo "
        "may מאי | juun jun יוני | luulyo lul יולי | agosto ogosto ogs אוג׳ | sebtembar sebteembar "
        "seb ספט׳ | oktoobar okt אוק׳ | noofeembar nof נוב׳ | diseembar dis דצמ׳"
    ),
    "zu": (
        "januwari ינואר jan ינו׳ | februwari פברואר feb פבר׳ | mashi מרץ mas | ephreli אפריל eph "
        "אפר׳ | meyi מאי mey | juni יוני jun | julayi יולי jul | agasti אוגוסט aga אוג׳ | septhemba "
        "ספטמבר sep ספט׳ | okthoba אוקטובר okt אוק׳ | novemba נובמבר nov נוב׳ | disemba דצמבר dis "
        "דצמ׳"
    ),
}
