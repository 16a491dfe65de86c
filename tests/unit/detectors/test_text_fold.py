from adsieve.detectors.text.fold import fold


def test_span_covers_dropped_marks_and_tatweel_but_letters_repeated_for_effect_stay() -> None:
    folded = fold("كَازيـــنوو الآن")
    assert folded.text == "كازينوو الان"
    assert folded.span(0, 7) == (0, 11)


def test_hangul_fillers_and_other_letters_without_a_shape_vanish() -> None:
    folded = fold("c\u3164a\u115fs\u1160i\uffa0n\u034fo\u180e!")
    assert folded.text == "casino!"
    assert folded.span(0, 6) == (0, 12)


def test_an_expanded_letter_is_never_cut() -> None:
    folded = fold("Straße 5")
    assert folded.text == "strasse 5"
    assert folded.span(4, 5) == (4, 5)
    assert folded.span(0, 7) == (0, 6)


def test_nothing_raises_and_folding_twice_changes_nothing() -> None:
    for text in ("", "\0", "\ud800 a", "e\u0301" * 5, "ﷺ", "İI"):
        once = fold(text).text
        assert fold(once).text == once


def test_capitals_of_letters_that_keep_their_mark_fold_like_the_small_ones() -> None:
    assert fold("САЙТ Ї Ў").text == fold("сайт ї ў").text
