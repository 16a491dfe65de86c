"""What is spoken in clips: words that arrive after the verdict, and then complete it.

While the audio port is off nobody listens. That is said in the verdict's notes and decides nothing: otherwise every
clip with music would wait for a person. While it is on, a clip with sound is incomplete, and so in REVIEW, until its
transcript is there.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from hashlib import sha256

from adsieve.domain.ad import Part, PartKind
from adsieve.domain.fingerprint import Fingerprint
from adsieve.ports import Transcriber

PENDING = "transcript not there yet"


def unheard(parts: Iterable[Part]) -> Iterator[str]:
    """A note for each clip with sound that nobody listened to."""
    parts = list(parts)
    names = {part.name for part in parts}
    for part in parts:
        if part.evidence.get("audio") and f"{part.name}#audio" not in names:
            yield f"{part.name}: its sound was not listened to, the audio port is off"


def listen(fingerprint: Fingerprint, transcriber: Transcriber, uris: Mapping[str, str]) -> Fingerprint:
    """Start a transcript of every clip with sound; its `#audio` part is incomplete until `heard`.

    Args:
        fingerprint: as extracted.
        transcriber: does the work.
        uris: part name → where the service finds the file.
    """
    waiting = []
    for part in fingerprint.parts:
        if part.evidence.get("audio") and part.name in uris:
            job = transcriber.begin(fingerprint.ad.ad_id, fingerprint.content_sha256, part.name, uris[part.name])
            waiting.append(Part(f"{part.name}#audio", PartKind.TEXT, "", {"job": job}, PENDING))
    return replace(fingerprint, parts=(*fingerprint.parts, *waiting))


def heard(fingerprint: Fingerprint, job: str, words: str) -> Fingerprint:
    """The fingerprint with a transcript in place of the part that waited for it.

    Its digest changes with the words, so that the completed verdict supersedes the incomplete one.
    """
    parts = tuple(
        replace(part, text=words, incomplete="") if part.evidence.get("job") == job else part
        for part in fingerprint.parts
    )
    if parts == fingerprint.parts:
        return fingerprint
    digest = sha256(f"{fingerprint.content_sha256}\0{job}\0{words}".encode()).hexdigest()
    return replace(fingerprint, parts=parts, content_sha256=digest)
