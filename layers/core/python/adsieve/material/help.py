"""What each column means, for the help sheet of a workbook, in English and Arabic."""

HELP: tuple[tuple[str, str, str], ...] = (
    ("column · العمود", "what it holds", "المحتوى"),
    ("id", "leave empty for a new row", "اتركه فارغًا لصف جديد"),
    ("kind", "term, pattern, combo, url, image or video", "نوع المادة: كلمة أو نمط أو تركيب أو رابط أو صورة أو فيديو"),
    (
        "value",
        "the words, the link, the path of the sample picture or clip, or pdq: and a hash",
        "الكلمات أو الرابط أو مسار العينة أو pdq: ثم البصمة",
    ),
    ("language", "ISO code, e.g. ar or en", "رمز اللغة مثل ar أو en"),
    ("policy", "which rule it is about", "السياسة المعنية"),
    ("action", "the most that it may lead to: LOG, LIMIT, REVIEW, REJECT; or ALLOW", "أقصى إجراء ممكن"),
    ("markets", "ISO codes or groups, separated by spaces; empty = all", "الأسواق مفصولة بمسافات، والفارغ يعني الكل"),
    ("match", "how it matches: prefix, substring, case, plain, suffixes, radius=N", "طريقة المطابقة"),
    ("unless", "phrases that cancel a match, separated by |", "عبارات تلغي المطابقة، يفصل بينها |"),
    ("state", "for reading only: moved with adsieve, never in a sheet", "للقراءة فقط: تُغيَّر بأوامر adsieve"),
    ("starts, expires", "first and last day, YYYY-MM-DD", "أول يوم وآخر يوم"),
    ("concept", "the same word in every language's form of one idea", "معرّف الفكرة الواحدة في كل اللغات"),
    ("owner, case, note", "who looks after it, which case it came from, anything else", "المسؤول والقضية والملاحظات"),
    ("examples_hit", "texts that must match, separated by |; at least two", "أمثلة يجب أن تُطابَق، اثنان على الأقل"),
    ("examples_miss", "texts that must not match, separated by |; at least two", "أمثلة يجب ألا تُطابَق"),
)
