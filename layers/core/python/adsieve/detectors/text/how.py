"""The steps that a match may have needed: the vocabulary of `how`, in the order in which they are applied."""

from adsieve.detectors.how import How


class Step(How):
    """One step between the text as written and the term as listed; a literal match needs none."""

    BIDI = "bidi", "text behind a direction override was read in the order in which it is displayed"
    HIDDEN = "hidden", "letters written as invisible tag characters were read"
    MARKUP = "markup", "character references were read and tags, comments inside words dropped, as a browser does"
    CAMEL = "camel", "words run together were told apart by their capitals, as in `#OnlineCasino`"
    JOINER = "joiner", "a zero-width non-joiner was read as a space between words"
    FOLD = "fold", "case, accents, invisible characters, script variants and digits were brought to one form"
    TURNED = "turned", "upside-down letters were turned back"
    SKELETON = "skeleton", "look-alike letters, digits and symbols were read as the letters they imitate"
    REPEAT = "repeat", "letters repeated for effect were read once or twice"
    SPACED = "spaced", "letters set apart by spaces or symbols were joined"
    JOINED = "joined", "symbols inside a word were dropped, or words run together in a hashtag were told apart"
    MASK = "mask", "a symbol stood for a letter"
    RASM = "rasm", "Arabic written without dots was compared letter skeleton by letter skeleton"
    ARABIZI = "arabizi", "Arabic written in Latin letters and digits; may lead to REVIEW at most"
    TRANSLIT = "translit", "another script written in Latin letters; may lead to REVIEW at most"
    CLITIC = "clitic", "an Arabic or Hebrew prefix (and, the, in, for) or a Korean particle was set aside"
    SUFFIX = "suffix", "an Arabic suffix was set aside, as the term's `suffixes` flag asks"
