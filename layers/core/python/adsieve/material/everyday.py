"""Everyday language, written for this project: what no row should match, whichever lists are installed besides.

The words were chosen for what they contain: `better` holds `bet`, `كبار` holds `بار`.
"""

STOP_WORDS = {
    "en": "the a an and or of to in on at is are was be it its for with by from as this that these those you your we our they "
    "he she his her i me my not no do does have has had will can all any more most if so up out about",
    "ar": "في من على عن الى إلى مع هذا هذه ذلك تلك الذي التي ما لا لم لن و ف ب ل ك ثم أو ام أم ان أن إن كان كانت هو هي هم نحن "
    "انت أنت انا أنا كل بعض عند بعد قبل حتى قد كم كيف متى اين أين لكن لو اذا إذا بين تحت فوق كما هل يا ليس غير",
    "fr": "le la les un une des de du et ou à au aux en dans pour par sur avec sans ce cette ces il elle nous vous ils je tu "
    "son sa ses est sont pas plus que qui",
    "es": "el la los las un una unos de del y o a al en para por con sin sobre este esta que quien es son no más su sus yo tú "
    "él ella nosotros",
    "de": "der die das ein eine einer und oder von zu zum zur in im an am auf für mit bei aus ist sind war nicht kein mehr "
    "sie er es wir ihr ich du dass",
    "tr": "ve veya ile bir bu şu o da de için gibi kadar ne mi mı var yok ben sen biz siz onlar çok daha en",
    "ru": "и или в во на с со к ко о об от до из за по для не ни а но это этот эта эти он она они мы вы я ты как что бы же",
    "fa": "و در به از که این آن را با برای تا هر یک ما شما من او است بود نیست هم اما یا اگر",
    "ur": "اور کا کی کے میں سے کو پر ہے ہیں یہ وہ نے تو بھی نہیں ایک ہم آپ",
    "hi": "और का की के में से को पर है हैं यह वह ने तो भी नहीं एक हम आप या",
    "id": "dan atau di ke dari yang untuk dengan ini itu adalah tidak pada saya kamu kami",
    "zh": "的 是 在 了 和 有 不 我 你 他 她 们 这 那 就 也 都 而 及 与 或 一 个",
    "ja": "の は が を に で と も へ や か な だ です ます する ある いる この その",
    "ko": "은 는 이 가 을 를 에 의 도 와 과 로 그 저 및 또는",
    "th": "และ ที่ ใน ของ เป็น ให้ ได้ มี ไม่ จะ กับ",
    "pt": "o a os as um uma de do da e ou em no na para por com sem que não mais seu sua",
    "it": "il lo la i gli le un una di del e o a al in nel per con su che non più",
    "he": "של את על אל עם זה זו הוא היא אני לא כן או גם כי אם",
}

WORDS = {
    "en": "better between alphabet diabetes bets beta betray elbow tibet beth abet sherbet rabbet begin beginner engine imagine "
    "original ginger virgin margin magin vagina region origin longing class classic pass passport grass glass assistant "
    "assemble assess asset brass embassy massage message mass compass ambassador passion bass assure harass cassette "
    "barber bargain barely bark barn barrel barrier library embark embarrass rhubarb barbecue crowbar lumbar bare barista "
    "analysis analyst canal anal banal cockpit peacock cocktail cockatoo hancock dictionary dickens prediction "
    "sussex essex middlesex unisex title titan constitution restitution therapist therapy grapes drape scrape trapeze "
    "assassin shitake shiitake mishit scunthorpe penistone pencil penalty happens open pension drugstore druggist rumour "
    "rum drum crumb trumpet instrument winery wine swine twine beer beermat aleph sale female scale finale vaporise "
    "vapour cigar sugar hookah potato spot pottery weed tweed seaweed speed hash rehash cash potash hashtag crack "
    "cracker nutcracker methane method something coked coke cokery smoke heroine heroic opium opioid gunpowder begun "
    "shogun gundog arms farms charms armour bomb bombay bombastic killer skill skills painkiller kilo die diet dieting "
    "soldier audience died loan sloan reloan bankloan credit accredit crypto cryptic encrypt coin coincide token stoken "
    "date update candidate dating updating consolidating single slot slots casino poker spoker dice indices lotto lottery "
    "jackpot roulette bingo wager swagger stake mistake stakeholder odds oddity toddler winner twin window winter wins "
    "prize replica replicate fake medal pill pillow caterpillar spill rx slim slimy muslim fat father fatal fathom burn",
    "ar": "كبار بارد أخبار اعتبار اختبار جبار غبار عبارة بارع مبارك مباراة بارك حبوب محبوب حبيب حبيبة أحباب صحبة سحب محبة حبل حبر "
    "شراب شرابات مشروب مشروبات شربة تشرب رهان برهان رهن مرهون قمر قمار قمامة مقام خمر خمسة خميس خمار مخمل كحل كحلي "
    "سكر سكري عسكر سكان مسكن دخان دخل دخول مدخل حشيشة حشد محشي مخدر مخدة خدر سلاح سلحفاة سلة إصلاح صلاح مصالح "
    "جنس جنسية جنسيات تجانس عرض معرض عروض جماعة جامع جامعة جماعي اجتماع زبون زبدة زبيب نيكل تكنيك بنيك عرس عرسان "
    "كاس كأس كاسيت مكاسب عكاس قرض قراض مقراض قروض ربا رباعي رباط ربان مربى أرباح ربح ربيع حظ محظوظ حظر ملاحظة "
    "لوتس يانصيب نصيب منصب عملة عملات عمل معمل تعمل دواء دوائر دورة وصفة صفة مواصفات نحيف تنحيف حنفية وزن موازن "
    "قاتل قتل مقاتل تقليد مقلد تقاليد ساعة ساعات مواعدة موعد وعد زواج أزواج مزدوج",
    "fr": "passer classe masse basse assiette cassis cocotte concours connaissance consommer putois député réputation bière vinaigre "
    "divin vingt ravin jeune jeudi enjeu pari paris parité comparer drogue droguerie tabac tabacs arme armée armoire",
    "es": "clase pasar masa grasa computadora disputar reputación vino divino vecino cocina cocinero cerveza apuesta puesta "
    "apuestas jugar juguete droga drogueria arma armario armada tabaco culo vehículo artículo círculo película",
    "de": "Klasse Masse Kasse Wasser Gras Glas Mitwetter Wetter Wette wetten Gewitter Wein Weinen Schwein Bier Biere Bieröl Waffe "
    "Waffel Waffeln Droge Drogerie Tabak Rauch Gebrauch Brauch Glück Unglück Spiel Beispiel Beispiele Spielzeug",
    "tr": "sıkma sıkı sikke müzik fizik klasik klasör kumar kumaş bahis bahisler bahçe şarap şarapnel bira biraz birader silah silahlı "
    "ilaç ilaçlama kredi kredili",
    "ru": "класс пасс касса масса ставка доставка вставка ставни вино виноград вина невиновен пиво пивовар оружие кружево "
    "казначей игра игрушка выигрыш подстрахуй застрахуй хлебать потреблять",
    "fa": "شراب شرابه شربت شرط شرطی سیگار اسلحه مصالح بازی بازیگر قمار مقام داروخانه دارو",
    "ur": "شراب شربت جوا جواب جوان نشہ نشان دوا دوائیں ہتھیار",
    "hi": "शराब खराब जुआ जुआर दवा दवाई नशा नक्शा हथियार",
    "id": "judi judul arak karakter bir biru birokrasi obat obatan rokok kerokok kasino taruh menaruh",
    "zh": "赌气 酒店 酒精 药店 药膳 枪手 毒品 消毒 中毒 赌场 博客 彩色 彩虹 烟花 烟台 贷款",
    "pt": "classe massa passar computador disputa vinho vizinho cerveja aposta apostila droga drogaria arma armário",
    "it": "classe massa passare vino vicino divino birra birrificio scommessa commessa droga drogheria arma armadio",
}

DOUBLE_MEANINGS = {
    "bar": "a bar of chocolate, a bar chart",
    "bet": "you bet",
    "gin": "cotton gin",
    "ass": "a donkey",
    "shot": "a photo, a vaccination",
    "shots": "photos, vaccinations",
    "speed": "how fast something is",
    "grass": "the lawn",
    "weed": "a garden plant",
    "pot": "a cooking pot",
    "coke": "a soft drink, a fuel",
    "crack": "a crack in a screen",
    "joint": "a knee, a joint venture",
    "high": "high quality",
    "date": "a fruit, a day",
    "dates": "a fruit, days",
    "single": "a single bed, a song",
    "arms": "parts of the body",
    "port": "a harbour, a USB port",
    "bitter": "a taste",
    "stake": "a wooden post, what is at stake",
    "slot": "a slot for an appointment",
    "slots": "slots for appointments",
    "odds": "chances",
    "hash": "a hash brown",
    "شراب": "also juice, syrup and socks",
    "حب": "also love and seeds",
    "حبوب": "also grains and acne",
    "كاس": "also a glass and a trophy",
    "كأس": "also a glass and a trophy",
    "بار": "also dutiful",
    "سكر": "also sugar",
    "عرض": "also an offer",
    "قرض": "also any bank loan",
    "شربت": "also a sweet drink",
    "药": "part of many words",
    "酒": "part of many words",
    "枪": "part of many words",
    "赌": "part of many words",
}
"""Words that operators list and that harmless ads use: the folded form, and what else it means."""

SENTENCES = (
    "Better class glassware for your kitchen, assembled by master craftsmen",
    "Begin your original engine service with our assistants",
    "Barbecue bargains for the whole family at the library fair",
    "New season dresses with free delivery to your door",
    "Learn English online with certified teachers",
    "Book your family holiday in the mountains today",
    "Fresh grapes, dates and ginger from local farms",
    "Soft pillows and cotton sheets for a better sleep",
    "Update your phone and keep your photos safe",
    "The new electric car with a long range",
    "Toys and games for children from three years",
    "Open your online shop in a day",
    "عروض العائلة على ملابس الأطفال في معرضنا الكبير",
    "تعلم اللغة الإنجليزية مع أفضل المعلمين",
    "شقق للبيع في موقع مميز قريب من الجامعة",
    "حبوب القهوة الطازجة محمصة كل يوم",
    "احجز رحلتك مع العائلة إلى الجبال",
    "عصائر طبيعية وشراب الورد لضيوفك",
    "أجهزة منزلية أصلية مع ضمان سنتين",
    "سيارة جديدة بتصميم حديث ومساحة واسعة",
    "مدرسة خاصة تستقبل الطلبة الجدد",
    "أثاث مودرن لغرف النوم والمجالس",
    "تطبيق يساعدك على تنظيم وقتك",
    "مباراة الكأس على شاشة كبيرة بدقة عالية",
    "Nouvelle collection de chaussures pour toute la famille",
    "Vinaigre, miel et confitures de nos producteurs",
    "Muebles de cocina a medida para tu casa",
    "Frisches Brot und Gebäck aus der Region",
    "Çocuklar için renkli oyuncaklar ve kitaplar",
    "Детская одежда и игрушки с доставкой на дом",
    "लकड़ी का फर्नीचर और घर की सजावट",
    "新款童装上市，全场包邮",
    "子ども向けの英語教室、無料体験受付中",
    "새로운 봄 컬렉션을 만나보세요",
)
"""Ads that every market takes."""
