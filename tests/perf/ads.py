"""Made-up ads that look like ads: everyday words as often as people use them, names nobody has met, prices, links, emoji.

Half of the words of real ads are among a few hundred, and the rest hardly ever come twice. Both are here: words of a
short list, the first of them most often, and among them names made of syllables.
"""

import random
from collections.abc import Iterator, Sequence
from itertools import accumulate

_ENGLISH_TEXT = """
the and for your to of in with our a on you new now free all get from best is at this it by up more we day off buy order
home online shop only today sale price quality delivery fast easy safe book visit call offer save world family kids
summer winter spring collection service team every week month year hours open near city street garden kitchen living room
furniture shoes dress shirt bags watch phone laptop camera screen battery charger fresh coffee bread dinner menu table
chef natural organic cotton leather soft light colour black white blue green small large size design style modern classic
beautiful simple clean health fitness training course lessons learn language school students teacher travel hotel flight
beach holiday tickets tour guide car parts repair tyres engine insurance account support experts trusted reviews customers
happy guarantee warranty return stock limited last chance hurry join club members app download play music film stories
"""
_ARABIC_TEXT = """
في من على مع كل إلى هذا الآن عن أفضل جديد لك و أو خصم عرض اليوم اطلب تسوق توصيل مجاني منتجات جودة أسعار سعر بيتك
المنزل عائلتك أطفال الصيف الشتاء مجموعة تشكيلة ملابس أحذية حقائب ساعات عطور هاتف شاشة حاسوب كاميرا بطارية مطبخ أثاث
غرفة نوم حديقة خدمة خدمات فريق خبراء ثقة عملاء تقييم ضمان استرجاع الطلب الدفع عند الاستلام احجز رحلتك فندق سفر شاطئ
جولة تذاكر سيارة قطع غيار صيانة تأمين دورة تدريب تعلم لغة مدرسة طلاب معلم كتاب قهوة خبز عشاء مطعم طازج طبيعي عضوي
قطن جلد ناعم خفيف لون أسود أبيض أزرق أخضر صغير كبير مقاس تصميم عصري كلاسيكي جميل بسيط نظيف صحة رياضة نادي أعضاء حمل
التطبيق موسيقى أفلام قصص مدينة شارع فرع مفتوح ساعة أسبوع شهر سنة محدود فرصة سارع انضم اتصل زوروا والتوصيل بالجملة
للجميع وبأسعار بجودة لجميع وأكثر ولا لا تفوت المزيد الرياض جدة دبي القاهرة الكويت عمان بيروت
"""
_WORDS = {"en": _ENGLISH_TEXT.split(), "ar": _ARABIC_TEXT.split()}
_EXTRAS = {
    "en": ["$49.99", "50% off", "24/7", "Call 555-0142.", "www.example.test/sale", "#SummerSale", "😀", "(new)", "it's", "2-in-1", "10 a.m.", "A+"],
    "ar": ["٤٩ ريال", "٥٠٪", "24/7", "اتصل 0142-555", "www.example.test/ar", "#عروض_الصيف", "🔥", "(جديد)", "50%", "iPhone", "١٠ صباحا", "مـجـانا"],
}  # fmt: skip
_SYLLABLES = {
    "en": [c + v + e for c in "bcdfglmnprst" for v in "aeiou" for e in ("", "n", "r", "s")],
    "ar": [c + v for c in "بتجحدرسشصطعفقكلمنهوي" for v in ("", "ا", "و", "ي")],
}
_NAMES = 0.08
LENGTH = 500


def _name(language: str, random_: random.Random) -> str:
    return "".join(random_.choices(_SYLLABLES[language], k=random_.randint(2, 4)))


def _sentence(language: str, random_: random.Random, names: float) -> str:
    listed = _WORDS[language]
    weights = list(accumulate(1 / rank for rank in range(1, len(listed) + 1)))
    words = random_.choices(listed, cum_weights=weights, k=random_.randint(5, 12))
    words = [_name(language, random_) if random_.random() < names else word for word in words]
    if random_.random() < 1 / 2:
        words.insert(random_.randrange(len(words)), random_.choice(_EXTRAS[language]))
    words[0] = words[0].capitalize()
    return " ".join(words) + random_.choice([".", ".", "!", "?" if language == "en" else "؟", ","])


def ads(
    languages: Sequence[str], terms: Sequence[str], count: int, random_: random.Random, names: float = _NAMES
) -> Iterator[tuple[str, str]]:
    """(text, planted term): ads of 500 characters, sentence by sentence in these languages in turn.

    Args:
        languages: `en`, `ar` or both.
        terms: what to plant, one an ad, in the middle.
        count: how many.
        random_: where chance comes from.
        names: share of words made up afresh; 1 for texts of nothing but words that nobody has seen.
    """
    for _ in range(count):
        text = ""
        term = random_.choice(terms)
        at = 0
        while len(text) < LENGTH:
            text += _sentence(languages[at % len(languages)], random_, names) + " "
            if len(text) > LENGTH // 2 and term not in text:
                text += term + " "
            at += 1
        yield text[:LENGTH], term
