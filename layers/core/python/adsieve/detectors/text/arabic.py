"""What is particular to Arabic: words written together, spellings that vary, and letters without their dots."""

import re

_LETTER = re.compile("[\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3]")
_CONJUNCTIONS = ("", "و", "ف")
_PREPOSITIONS = ("", "ال", "ب", "ك", "ل", "بال", "كال", "لل", "هال", "عال", "يا", "يال", "ه", "ي", "س")
CLITICS = frozenset(first + second for first in _CONJUNCTIONS for second in _PREPOSITIONS) - {"", "ه", "ي", "س"}
CLITIC_INITIALS = frozenset(clitic[0] for clitic in CLITICS)
_BY_HEAD = {
    head: tuple(sorted((clitic for clitic in CLITICS if clitic.startswith(head) or clitic == head[0]), key=len))
    for head in {clitic[:length] for clitic in CLITICS for length in (1, 2)}
}
_BY_HEAD |= {letter: (letter,) for letter in CLITICS if len(letter) == 1}
_ARTICLES = ("ال", "لل")
SUFFIXES = re.compile("(?:ات(?:ها|هم|هن|كم|نا|ه|ي|ك)?|ها|هم|هن|كم|نا|ون|ين|تي|ته|تك|تها|ية|يه|وه|ه|ي|ك)")
SHORTEST_STEM = 3
_WHOLE_WORD_TEXT = """
كان كانت كبير كبار كثير كثره كلام كلمه كلمات كتاب كتابه كاتب كريم كامل كامله كمال كافي كافيه كافه كرسي
كوكب كفيل كفاح كنوز كسوف كيان كتله كرات كراج كليه كميه كيف كيفيه كيلو كندا كوريا كوبا كوميدي كنيسه كارثه
كاميرا كانون كنتم كونه كلاهما كمان كلاب كبريت كباب كابتن كاوتش كبسه كفته كركم كرتون كنافه كنبه كوبون كوره
كويت كيمياء كهرباء كهربا كواليس كثافه كسور كشمير كشاف كعبه باقه باقي بنات بلاد بلده بلدان بحار بحر بحري
بحيره بيان بيانات بارد بسيط بساطه بديل بدايه بدات بدون بدلا بريد بركه بخار بخير بقره بقيه بقاء بعيد بعض
بعضها بعد بعدما بعثه بلاغ برنامج برامج برهان بضعه بضاعه بطاقه بطوله بطاريه بينما بينهم بينها بيننا بينه
بيوت بيته بيروت بغداد باريس برلين برشلونه باكستان بريطانيا بيضاء بوابه بنيه بناء بلوزه بلاستيك بنطلون
بدله بطيخ بطاطا بصل بقاله بنزين بنفسج بهارات بواسطه بسبب بشكل بشان بشره بشريه بصره بصيره بصمه بضائع
بروتين بركان برتقال برميل بساط بستان بطل بطولي بكره بكين بلبل بلسم بلوغ بندق بندقيه بنوك بورصه بوصله بياض
بيئه لكن لكنه لكنها لكني لكنهم ليست ليسوا لسنا لماذا لديه لديها لدينا لديك لديهم لاعب لاحق لاحظ لازم لابد
لحوم لحظه لحظات لذيذ لطيف لعبه لعبت لقاء لمعان لوازم لباس ليال ليله ليلا لوحه لسان لجنه لغات لقمه لبنان
لبناني لندن ليبيا لايحه لايف ليزر ليمون لؤلؤ لولو لصوص لصقه لهجه لياقه ليبرالي وزير وزراء وزاره وزارات
وكيل وكاله وسيم وسيله وسايل وسائل وسط ولاء ولاده ولدت ولايه ولايات ولكن ولكنه وقود وقوع وقعت وقته وقتها
وقتا وحيد وحده وحدات وطن وطني وطنيه وردي ورود وردت ورق ورقه ورشه وسام وضوح واضح واضحه وضع وضعت وضعه وثاق
وثيقه وثايق وصول وصلت وصلنا وصف وصفه وصفت وفاء وفاه وفاته وفقا وفيات وداع وساده وجبه وجبات وجه وجهه وجهها
وجهي وجهات وجوه وجود وجدت وجدنا وظيفه وظايف وظائف وعود وليد والد والي واسع واسعه واحد واحده واحدا وادي
واقع واقعه وافر وارد وافي وافق واجب واثق واشنطن واضاف وحوش وحدها وسخه وقفه ولاد وهاب ويلات وراء وهما وايت
وينك وسلم وسلام وبالتالي وكانه وسواس وشاح ورم وريد وزن وزنه وعاء وعي فساد فاخر فائق فائده فايده فايز فارس
فارق فراش فريق فرقه فريد فرنسا فرنسي فكره فطور فواكه فنون فنان فنيه فخار فراغ فرصه فروع فقره فضاء فضه
فضيحه فضلا فلاح فلوس فندق فنادق فيلم فيلا فيديو فيها فيهم فيما فينا فيروس فتره فتاه فتيات فبراير فعلا
فعاليات فعال فعاله فعله فقدان فقدت فلسطين فلسطيني فلسطينيه فاطمه فازت فستان فطيره فنزويلا فورا فوري فول
فوطه فولاذ فيتامين فيروز فيزياء فحوص فخامه فرامل فرح فرحه فرن فساتين فسيح فشلت فصول فضول فطريات فقيه
فكاهه فلاتر فلافل فلفل فهرس فوائد فوايد فوضي كحول كحولي كحوليه كاس كلب كتب كتف كبد كنز كسر كشف كفن كرم
كرش كلفه كسل كسول بدين بدينه بدانه بدني بدنيه بدن بدر بطن بحث برج برد برق برك بشر بصر بعث بغل بكر بلح بلد
بلع بنت بنك بيت بيع بيض بئر بير بدع بذر بتر بخت بخل بدء باع باب بال بات لحم لحن لعب لعن لغز لغم لفظ لقب
لقاح لمس لهب لون ليل لين ليث لبن لبس لجا لطف لعل لذه لوز لوح لبيب لصق ليمونه لاجئ لاجي فحص فخر فرع فرد
فرش فرص فرض فرق فرو فصل فضل فقد فقر فكر فلك فنجان فهد فهم فوز فوق فيل فيض فتح فجر فحم فخذ فدان فاتوره
فاكهه فواتير وجد وجع وحل وحي ورث ورد وسع وصل وعد وفد وقت وقف وقع ولد وهم وهن وبر وتر وتد وثب وحم ودع وسخ
وشم وصي وعر وفق وقر وكر وله وصايه وصيه وزاري
"""
# Everyday words whose first letters are their own, not clitics: without them `كبيرة` (big) would hold `بيرة` (beer).
_WHOLE_WORDS = frozenset(_WHOLE_WORD_TEXT.split())
_ENDINGS = re.compile("(?:هما|ها|هم|هن|كم|نا|ات|ان|ون|ين|وا|يه|تها|ته|تي|ه|ا|ي|ك|ت)$")


def is_arabic(character: str) -> bool:
    """Whether it is a letter of the Arabic script."""
    return bool(_LETTER.match(character))


def clitic_ends(text: str, at: int) -> list[int]:
    """Positions behind the clitics (and, the, in, like, for, o) that the word at `at` may begin with.

    Three letters at least must be left. Whether the word is an everyday one that merely begins so, `is_whole_word`
    tells: it is asked for matches only.
    """
    clitics = _BY_HEAD.get(text[at : at + 2]) or _BY_HEAD.get(text[at], ())
    return [
        at + len(clitic)
        for clitic in clitics
        if text.startswith(clitic, at) and text[at + len(clitic) : at + len(clitic) + SHORTEST_STEM].isalpha()
    ]


def is_whole_word(text: str, at: int, inside: int) -> bool:
    """Whether the word at `at` is an everyday word that merely begins with the letters of the clitic before `inside`."""
    if text[at:inside].endswith(_ARTICLES):
        return False
    match = _WORD.match(text, at)
    word = match[0] if match else ""
    return word in _WHOLE_WORDS or _ENDINGS.sub("", word) in _WHOLE_WORDS


_WORD = re.compile(f"{_LETTER.pattern}+")


def article_variants(key: str) -> list[str]:
    """Other spellings of an Arabic phrase: every word behind the first with the article, and every one without."""
    first, *others = key.split(" ")
    if not others or not all(word and is_arabic(word[0]) for word in others):
        return []
    bare = [word[2:] if word.startswith("ال") and len(word) >= SHORTEST_STEM + 2 else word for word in others]
    variants = {
        " ".join([first, *bare]),
        " ".join([first, *(f"ال{word}" if len(word) >= SHORTEST_STEM else word for word in bare)]),
    }
    return sorted(variants - {key})
