"""Patterns that come ready-made: what advertisers write to be reached elsewhere, and prices.

They are written for folded text: small letters, ASCII digits, and a space for every hyphen and underscore.
"""

_CALL = (
    "call|phone|tel|tlf|mobile|mob|cell|hotline|sms|text|fax|اتصل|اتصال|اتصلوا|هاتف|تليفون|تلفون|جوال|موبايل|محمول|نقال|للتواصل|"
    "للحجز|للطلب|الخط الساخن|تماس|تلفن|موبايل|فون|telefon|telefono|telephone|rufen|anruf|appel|llame|llama|ligue|звоните|тел|телефон|"
    "电话|電話|手机|手機|热线|फोन|कॉल|ara|arayin|전화|โทร"
)
_MESSENGER = (
    "whats ?app|whatsup|wa|واتس ?اب|وتس ?اب|واتساب|واتس|telegram|telegramm|телеграм|телеграмм|تيليجرام|تليجرام|تيليغرام|تلغرام|تلجرام|"
    "تليقرام|تلگرام|تيلجرام|viber|فايبر|вайбер|imo|ايمو|signal|wechat|weixin|微信|威信|薇信|加微|kakao ?talk|카카오톡|snap ?chat|snap|سناب|سناب ?شات|"
    "skype|سكايب|botim|بوتيم|messenger|ماسنجر|discord|icq|zalo|qq|вотсап|ватсап|व्हाट्सएप|व्हाट्सऐप"
)
_SIGN = "[$€£¥₹₽₺₪₩₫₴₦฿]"
_AFTER = "euros?|dollars?|try|mad|rub|元|块|円|원"
"""What is a currency only behind a number: `try 3 flavours` and `euro 2024` name no price."""
_CURRENCY = (
    "usd|eur|gbp|jpy|cny|rmb|inr|chf|cad|aud|sar|aed|kwd|qar|bhd|omr|egp|jod|iqd|"
    "dzd|tnd|lbp|irr|pkr|idr|myr|thb|krw|vnd|sr|dhs?|ريال|ريالات|ر\\.? ?س|درهم|دراهم|د\\.? ?ا|دينار|دنانير|د\\.? ?ك|جنيه|جنيهات|ج\\.? ?م|ليره|"
    "دولار|دولارات|يورو|روبيه|تومان|riyals?|dirhams?|dinars?|rupees?|rs|rp|tl|руб|рублей|บาท|रुपये|रु"
)
_DIGITS = "[0-9](?:[ ().]{0,2}[0-9])"
_NUMBER = "[0-9]{1,3}(?:[ ,.٬'][0-9]{3})+(?:[.,٫][0-9]{1,2})?|[0-9]+(?:[.,٫][0-9]{1,2})?"

NAMED = {
    "@phone": (
        rf"(?:\+|\b00) ?[1-9](?:[ ().]{{0,2}}[0-9]){{7,14}}\b"
        rf"|\b0[1-9](?:[ ().]{{0,2}}[0-9]){{7,9}}\b"
        r"|\b(?:9(?:6[1-8]|7[0-9]|[0128])|20|21[2368]|249)[0-9]{8,10}\b"
        rf"|\b(?:{_CALL})\b[^0-9+]{{0,12}}[+]?{_DIGITS}{{4,14}}\b"
    ),
    "@messenger": (
        r"\b(?:wa\.me|t\.me|telegram\.me|m\.me|line\.me|lin\.ee|chat\.whatsapp\.com|api\.whatsapp\.com|viber\.me|u\.wechat\.com"
        r"|discord\.gg|join\.skype\.com|snapchat\.com/add)/[^ ]+"
        rf"|\b(?:{_MESSENGER})\b[^0-9a-z@+]{{0,6}}(?:id|no|number|num|user|username|رقم|حساب|معرف|يوزر|على|:|号|號)?[^0-9a-z@+]{{0,6}}"
        rf"(?:@ ?[a-z0-9][a-z0-9. ]{{2,31}}|[+]?{_DIGITS}{{6,14}}\b)"
        r"|(?:微信|威信|薇信|加微|加v|vx|wx|qq|line id|line ?[:@]|id line|wechat id)[号號]?[^0-9a-z]{0,4}[a-z0-9][a-z0-9.]{4,20}"
    ),
    "@price": rf"(?:{_SIGN}|\b(?:{_CURRENCY})[.:]?) ?(?:{_NUMBER})\b|\b(?:{_NUMBER}) ?(?:{_SIGN}|(?:{_CURRENCY}|{_AFTER})\b)",
}
"""Value of a pattern row → the expression that it stands for."""
