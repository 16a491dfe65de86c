from adsieve.detectors.text.fold import fold


def test_span_covers_dropped_marks_and_elongation() -> None:
    folded = fold("كازيـــنوووو الآن")
    assert folded.text == "كازينو الان"
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
