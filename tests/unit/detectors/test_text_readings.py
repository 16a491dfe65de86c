"""What a term is found in, phenomenon by phenomenon, and what it must not be found in."""

from typing import Any

import pytest

from adsieve.detectors.terms import TermDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.finding import Match
from adsieve.domain.material import Kind
from tests.builders import a_material


def found(text: str, value: str, **fields: Any) -> list[Match]:
    detector = TermDetector.in_memory([(0, a_material(kind=Kind.TERM, value=value, **fields))])
    return list(detector.detect(Part("texts.body", PartKind.TEXT, text)))


def spans(text: str, value: str, **fields: Any) -> list[str]:
    return [match.text for match in found(text, value, **fields)]


@pytest.mark.parametrize(
    ("value", "text", "span"),
    [
        ("casino", "casino777 is live", "casino"),
        ("casino", "play at 24casino", "casino"),
        ("casino", "casino24h", "casino"),
        ("casino", "c4sino777", "c4sino"),
        ("بوكر", "أفضل 24بوكر", "بوكر"),
        ("كازينو", "كازينو٧٧٧ الأصلي", "كازينو"),
        ("قرض", "قرض24", "قرض"),
        ("कैसीनो", "कैसीनो७७७", "कैसीनो"),
        ("poker88", "poker88 here", "poker88"),
    ],
)
def test_a_number_is_no_part_of_the_word_it_is_glued_to(value: str, text: str, span: str) -> None:
    assert spans(text, value) == [span]


@pytest.mark.parametrize(
    ("value", "text"),
    [("ass", "model ass7k"), ("poker8", "poker88"), ("cad", "id 9f3cad0e"), ("4d", "44d"), ("casino", "casinos777")],
)
def test_short_words_between_digits_and_numbers_cut_in_two_are_no_match(value: str, text: str) -> None:
    assert spans(text, value) == []


@pytest.mark.parametrize(
    ("value", "text", "span"),
    [
        ("كازينو", "VIPكازينو", "كازينو"),
        ("قرض فوري", "قرض فوريonline", "قرض فوري"),
        ("casino", "جربcasino الآن", "casino"),
        ("קזינו", "VIPקזינו", "קזינו"),
    ],
)
def test_a_word_ends_where_latin_meets_arabic_or_hebrew(value: str, text: str, span: str) -> None:
    assert spans(text, value) == [span]


def test_cyrillic_and_latin_in_one_word_are_one_word() -> None:
    assert spans("vipказино", "vip") == []


@pytest.mark.parametrize("text", ["בקזינו", "הקזינו", "ובקזינו", "שהקזינו"])
def test_hebrew_prefixes_are_set_aside(text: str) -> None:
    (match,) = found(f"כל הלילה {text} שלנו", "קזינו")
    assert (match.text, match.how) == (text, ("clitic",))


def test_a_short_hebrew_word_keeps_its_first_letter() -> None:
    assert spans("מכבר הזמנו", "כבר") == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("&#x63;asino", "&#x63;asino"),
        ("c&#97;sino now", "c&#97;sino"),
        ("ca<b>si</b>no", "ca<b>si</b>no"),
        ("cas<!-- x -->ino", "cas<!-- x -->ino"),
        ("ca&#8203;sino", "ca&#8203;sino"),
        ("ca&shy;sino", "ca&shy;sino"),
        ("ca&amp;#115;ino", "ca&amp;#115;ino"),
    ],
)
def test_markup_inside_a_word_is_read_as_a_browser_shows_it(text: str, span: str) -> None:
    (match,) = found(f"visit {text}", "casino")
    assert (match.text, "markup" in match.how) == (span, True)


@pytest.mark.parametrize("text", ["AT&T; a < b > c", "ca <b>si</b> no", "ca&unknown;sino", "x<y casi < no>", "R&D;"])
def test_ampersands_and_angle_brackets_of_ordinary_text_join_nothing(text: str) -> None:
    assert spans(text, "casino") == []


@pytest.mark.parametrize(
    ("value", "text", "span"),
    [
        ("whisky", "new ԝһіѕку!", "ԝһіѕку"),
        ("casino", "ᏟaᏚᏆno", "ᏟaᏚᏆno"),
        ("whisky", "ꓪꓧꓲꓢꓗꓬ", "ꓪꓧꓲꓢꓗꓬ"),
        ("loan", "l٥an", "l٥an"),
        ("δάνειο", "δάνεio τώρα", "δάνεio"),
        ("горілка", "г0pілka", "г0pілka"),
        ("казино", "KA3UHO рядом", "KA3UHO"),
        ("prêt", "votre рrêt", "рrêt"),
    ],
)
def test_look_alike_letters_are_read_as_the_letters_they_imitate(value: str, text: str, span: str) -> None:
    (match,) = found(text, value)
    assert (match.text, "skeleton" in match.how) == (span, True)


@pytest.mark.parametrize(("value", "text"), [("cop", "сор"), ("xap", "хар"), ("thé", "тhe")])
def test_words_of_russian_letters_and_words_without_their_accent_are_no_disguise(value: str, text: str) -> None:
    assert spans(text, value) == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("casinò", "casino online"),
        ("casinò", "ᴄᴀꜱɪɴᴏ online"),
        ("prêt", "ᴘʀᴇᴛ online"),
        ("cá cược", "Khuyến mãi ca cuoc mới"),
        ("xổ số", "ket qua xo so"),
        ("wódka", "wodka tanio"),
        ("kredi", "Hemen KREDI fırsatı"),
        ("צ'ק דחוי", "צ׳ק דחוי מיידי"),
        ("إدمان", "علاج ٱدمان"),
        ("ڤيب", "فيب بنكهات"),
        ("فيب", "ڤيب بنكهات"),
        ("قرض", "ڨرض سريع"),
    ],
)
def test_everyday_spellings_of_a_word_are_that_word(value: str, text: str) -> None:
    assert len(found(text, value)) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [("año", "ano"), ("cá cược", "cà cuộc"), ("göt", "I got it"), ("sik", "SIK sık geliyoruz, şimdi")],
)
def test_short_words_that_differ_in_a_mark_are_other_words(value: str, text: str) -> None:
    assert spans(text, value) == []


@pytest.mark.parametrize(
    ("value", "text"), [("Gluecksspiel", "Glücksspiel im Netz"), ("Glücksspiel", "Gluecksspiel im Netz")]
)
def test_german_umlauts_may_be_written_with_two_letters(value: str, text: str) -> None:
    (match,) = found(text, value, language="de")
    assert match.how == ("fold",)


@pytest.mark.parametrize(
    ("value", "text", "span"),
    [
        ("قمار", "al3ab 8omar men el mobile", "8omar"),
        ("قرض", "5od 8ard men el bank bsor3a", "8ard"),
        ("قرض", "e7sal 3ala 2ard sari3", "2ard"),
        ("يانصيب", "eshtri yanasib w erba7 sayara", "yanasib"),
    ],
)
def test_arabic_in_latin_letters_is_read_where_the_text_shows_it(value: str, text: str, span: str) -> None:
    (match,) = found(text, value)
    assert (match.text, match.how) == (span, ("arabizi",))


def test_latin_words_without_such_evidence_are_not_read_as_arabic() -> None:
    assert spans("my cat yanasib has 7 lives and 8 toys", "يانصيب") == []


@pytest.mark.parametrize(
    ("value", "text", "count"),
    [
        ("ローン", "ドローン", 0),
        ("カジノ", "オンラインカジノ", 1),
        ("カジノ", "カジノゲーム", 1),
        ("バー", "バーン", 0),
        ("حول", "كحول طبي", 0),
        ("دين", "لكل بدين", 0),
        ("قرض", "بقرض", 1),
    ],
)
def test_a_term_inside_an_ordinary_word_is_no_match(value: str, text: str, count: int) -> None:
    assert len(found(text, value)) == count


@pytest.mark.parametrize(
    ("value", "text", "span"),
    [
        ("diet pills", "cheap diet/pills", "diet/pills"),
        ("diet pills", "diet | pills now", "diet | pills"),
        ("diet pills", "diet.pills", "diet.pills"),
        ("diet pills", "diet<br>pills", "diet<br>pills"),
        ("diet pills", "the d.i.e.t pills", "d.i.e.t pills"),
        ("diet pills", "diet p i l l s", "diet p i l l s"),
        ("diet pills", "diet p*lls", "diet p*lls"),
        ("قروض سريعة", "ق ر و ض سريعة", "ق ر و ض سريعة"),
        ("cigarette", "ciga-\nrette", "ciga-\nrette"),
        ("replica", "a repIica", "repIica"),
        ("CASINO", "CASlNO", "CASlNO"),
        ("тёмное пиво", "#ТёмноеПиво", "ТёмноеПиво"),
        ("steroid", "s.т.e.r.o.i.d", "s.т.e.r.o.i.d"),
        ("রুলেট", "রু-লেট", "রু-লেট"),
        ("weed", "w33d", "w33d"),
        ("weed", "₩eed", "₩eed"),
        ("رهان", "رهاان", "رهاان"),
        ("prêt", "un pret", "pret"),
        ("п'янка", "пянка", "пянка"),
        ("룰렛", "룰렛에서", "룰렛에서"),
        ("หวย", "ซื้อหวยที่นี่", "หวย"),
    ],
)
def test_words_and_phrases_are_read_through(value: str, text: str, span: str) -> None:
    assert spans(text, value) == [span]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("paris sportifs", "Paris, sportifs"),
        ("paris sportifs", "Paris. Sportifs"),
        ("bet", "Plan B, E, T and F"),
        ("bet", "Model B3T-200"),
        ("777", "EUR 1.777,00"),
        ("777", "777,50"),
        ("ma túy", "mà tuy nhiên"),
        ("replica", "REPlICAS of it"),
    ],
)
def test_what_only_resembles_them_is_left_alone(value: str, text: str) -> None:
    assert spans(text, value) == []
