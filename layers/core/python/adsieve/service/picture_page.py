"""A page that shows a reviewer why a picture or clip matched: it and the material side by side, box, steps, distance.

One HTML file without scripts, links or anything from elsewhere, in the direction of the reader's language.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from adsieve.detectors.images import ImageDetector
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.finding import Finding
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.material import Kind
from adsieve.domain.verdict import SCANNED, Verdict
from adsieve.material.package import Package

_LABELS = {
    "en": {
        "title": "Why this ad was decided so", "ad": "ad", "decision": "decision", "query": "the ad",
        "material": "the material", "how": "seen by", "exact": "the very same picture", "distance": "distance",
        "of": "of at most", "hash_only": "known by its hash alone", "policy": "policy", "action": "may lead to", "region": "region", "pixels": "pixels",
        "none": "Nothing was found in this part.", "unscanned": "not scanned", "views": "views",
        "quality": "structure", "seconds": "shown at", "s": "s", "read": "read in it",
    },
    "ar": {
        "title": "لماذا صدر هذا القرار بشأن الإعلان", "ad": "الإعلان", "decision": "القرار", "query": "الإعلان",
        "material": "المادة", "how": "كُشفت عبر", "exact": "الصورة نفسها", "distance": "المسافة", "of": "من أصل",
        "hash_only": "معروفة ببصمتها وحدها",
        "policy": "السياسة", "action": "قد يؤدي إلى", "region": "الموضع", "pixels": "بكسل",
        "none": "لم يُعثر على شيء في هذا الجزء.", "unscanned": "لم يُفحص", "views": "المشاهد",
        "quality": "البنية", "seconds": "يظهر عند", "s": "ث", "read": "قُرئ فيها",
    },
}  # fmt: skip

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, "Noto Sans Arabic", sans-serif; }
body { margin: 2rem auto; max-width: 60rem; padding-inline: 1rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; overflow-wrap: anywhere; }
section { border-block-start: 1px solid #8886; padding-block: 1rem; }
.pair { display: flex; flex-wrap: wrap; gap: 1.5rem; align-items: flex-start; }
figure { margin: 0; flex: 1 1 18rem; max-inline-size: 26rem; } figcaption { color: #777; }
.seen { position: relative; direction: ltr; } .seen img, figure > img { inline-size: 100%; display: block; }
.box { position: absolute; border: 3px solid #e5006d; box-shadow: 0 0 0 1px #fff; box-sizing: border-box; }
blockquote { margin: 0; padding: 1rem; border: 1px solid #8886; font-size: 1.3rem; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin-block: 1rem; }
dt { color: #777; } dd { margin: 0; overflow-wrap: anywhere; } bdi { unicode-bidi: isolate; }
.REJECT { color: #c00; } .REVIEW { color: #a60; } .PASS { color: #080; }
"""


def picture_page(
    fingerprint: Fingerprint, verdict: Verdict, package: Package, shown: Mapping[str, bytes] | None = None
) -> str:
    """The page for all pictures and clips of an ad.

    Args:
        fingerprint: of the ad.
        verdict: what was decided about it.
        package: what it was decided with; gives the materials' thumbnails.
        shown: part name → JPEG to show instead of the stored thumbnail.
    """
    language = "ar" if fingerprint.ad.language.startswith("ar") else "en"
    say = _LABELS[language]
    decision = str(verdict.decision)
    parts = [part for part in fingerprint.parts if part.kind in (PartKind.IMAGE, PartKind.VIDEO)]
    body = "".join(_section(part, verdict, package, say, shown or {}) for part in parts)
    failed = "".join(
        f"<section><h2><bdi>{escape(name)}</bdi></h2><p>{say['unscanned']}: <bdi>{escape(status)}</bdi></p></section>"
        for name, status in verdict.completeness.items()
        if status != SCANNED
    )
    return (
        f'<!doctype html><html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        f"style-src 'unsafe-inline'\"><title>{say['title']}</title><style>{_STYLE}</style>"
        f"<h1>{say['title']}</h1><p>{say['ad']} <bdi>{escape(fingerprint.ad.ad_id)}</bdi>, "
        f'{say["decision"]} <strong class="{decision}">{decision}</strong></p>{body}{failed}</html>\n'
    )


def _section(part: Part, verdict: Verdict, package: Package, say: Mapping[str, str], shown: Mapping[str, bytes]) -> str:
    findings = [finding for finding in verdict.findings if finding.part.partition("#")[0] == part.name]
    picture = _image(shown[part.name]) if part.name in shown else _stored(part.evidence)
    pairs = "".join(_finding(finding, part, package, say, picture) for finding in findings)
    if not pairs:
        pairs = f"<figure>{picture}<figcaption>{say['query']}</figcaption></figure><p>{say['none']}</p>"
    seen = ", ".join(
        f"<bdi>{escape(told['view'])}</bdi> ({told['quality']})" for told in part.evidence.get("hashes", ())[:12]
    )
    views = f"<p>{say['views']} ({say['quality']}): {seen}</p>" if seen else ""
    return f"<section><h2><bdi>{escape(part.name)}</bdi></h2>{pairs}{views}</section>"


def _finding(finding: Finding, part: Part, package: Package, say: Mapping[str, str], picture: str) -> str:
    match, material = finding.match, finding.material
    facts = dict(_facts(finding, say))
    told = "".join(f"<dt>{name}</dt><dd><bdi>{escape(value)}</bdi></dd>" for name, value in facts.items())
    return (
        f'<div class="pair"><figure><div class="seen">{picture}{_box(match.where.get("box"), part.evidence)}</div>'
        f"<figcaption>{say['query']}</figcaption></figure>"
        f"<figure>{_material(finding, package, say)}<figcaption>{say['material']} <bdi>{escape(material.id)}</bdi>"
        f"</figcaption></figure></div><dl>{told}</dl>"
    )


def _material(finding: Finding, package: Package, say: Mapping[str, str]) -> str:
    """The sample where the package holds one small enough to show, else what the row says."""
    if finding.material.hash_only:
        return f"<blockquote>{say['hash_only']}<br><bdi>{escape(finding.material.value)}</bdi></blockquote>"
    if finding.material.kind is Kind.IMAGE:
        for detector in package.detectors:
            if isinstance(detector, ImageDetector) and (small := detector.thumbnail(finding.match.row)):
                return _image(small)
    return f'<blockquote dir="auto">{escape(finding.material.value)}</blockquote>'


def _facts(finding: Finding, say: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    match = finding.match
    yield say["how"], " + ".join(match.how) or say["exact"]
    if match.text:
        yield say["read"], match.text
    if "from_s" in match.where:
        ends = match.where.get("to_s", match.where["from_s"])
        yield say["seconds"], f"{match.where['from_s']:g}–{ends:g} {say['s']}"
    if match.distance is not None:
        yield say["distance"], f"{match.distance} {say['of']} {match.threshold}"
    if box := match.where.get("box"):
        yield say["region"], f"x {box[0]}, y {box[1]}, {box[2]} × {box[3]} {say['pixels']}"
    yield say["policy"], finding.material.policy
    yield say["action"], str(finding.action)


def _box(box: list[int] | None, evidence: Mapping[str, Any]) -> str:
    """The matched region over the picture, in percent, so that it fits at any size."""
    if not box or "size" not in evidence:
        return ""
    width, height = evidence["size"]
    left, top, wide, tall = (
        100 * value / whole for value, whole in zip(box, (width, height, width, height), strict=True)
    )
    return f'<div class="box" style="left:{left:.2f}%;top:{top:.2f}%;width:{wide:.2f}%;height:{tall:.2f}%"></div>'


def _stored(evidence: Mapping[str, Any]) -> str:
    looks = evidence.get("looks")
    return f'<img alt="" src="data:image/jpeg;base64,{escape(looks[0]["thumbnail"])}">' if looks else ""


def _image(jpeg: bytes) -> str:
    return f'<img alt="" src="data:image/jpeg;base64,{b64encode(jpeg).decode()}">'
