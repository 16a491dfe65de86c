"""The steps by which a known picture or clip may have been seen: the vocabulary of `how` for image and video rows."""

from adsieve.detectors.how import How


class MediaStep(How):
    """One way in which what an ad shows differs from the sample, or was found; the very file needs none."""

    TRIM = "trim", "even borders around it were left out"
    PHOTO = "photo", "it is the part with many shades, among words and even ground"
    SEAM = "seam", "it lies between straight seams: a collage, a letterbox, a story"
    CENTRE90 = "centre90", "the middle 90 percent are alike: the rim was cut off or covered"
    CENTRE80 = "centre80", "the middle 80 percent are alike: the rim was cut off or covered"
    ROTATE90 = "rotate90", "it was turned by a quarter"
    ROTATE180 = "rotate180", "it was turned by a half"
    ROTATE270 = "rotate270", "it was turned by three quarters"
    FLIP_VERTICAL = "flip_vertical", "it was turned upside down, as water mirrors"
    MIRROR = "mirror", "it was mirrored"
    TRANSPOSE = "transpose", "it was mirrored and turned by a quarter"
    TRANSVERSE = "transverse", "it was mirrored and turned by three quarters"
    NEGATIVE = "negative", "it was turned into its negative"
    FEATURES = "features", "many small places and their surroundings agree, wherever and however large it is shown"
    LEARNED = "learned", "the learned copy detector that the operator installed takes it for a copy"
    FRAME = "frame", "the picture is shown in a clip"
    PARTIAL = "partial", "a small part of either clip is the same"
    NEAR = "near", "it is not sure enough to decide: people look"
