from dataclasses import replace
from pathlib import Path
from typing import Any

from adsieve.adapters.memory import MemoryTranscriber, MemoryWordReader
from adsieve.api import compile_package
from adsieve.domain.ad import Part, PartKind
from adsieve.domain.decision import Decision
from adsieve.domain.finding import Match
from adsieve.domain.fingerprint import Fingerprint
from adsieve.domain.verdict import Cause, Verdict
from adsieve.ports import SeenWord
from adsieve.service.hearing import heard, listen
from adsieve.service.inside import placed
from adsieve.service.scan import scan
from adsieve.service.second_reading import SecondReading
from tests.builders import NOON, a_material, a_matrix, an_ad

CLIP = Part("media/x.mp4", PartKind.VIDEO, evidence={"frames": [], "duration": 3.0, "audio": True})


def verdict_of(*parts: Part) -> Verdict:
    package = compile_package([a_material(value="casino"), a_material(id="T-2", value="free spins")], matrix=a_matrix())
    return scan(fingerprint_of(*parts), package, Cause.UPLOAD, NOON)


def fingerprint_of(*parts: Part) -> Fingerprint:
    return Fingerprint(an_ad(markets=["SA"]), parts, {}, "c1", NOON)


def words(text: str, *rows: list[float], name: str = "media/x.jpg#ocr") -> Part:
    return Part(name, PartKind.TEXT, text, {"words": list(rows)})


def test_a_word_in_a_picture_says_how_and_where_it_was_read() -> None:
    part = words("win free spins", [0, 3, 5, 5, 9, 9], [4, 8, 10, 20, 30, 10], [9, 14, 50, 22, 40, 10])
    (told,) = verdict_of(part).to_dict()["findings"]
    assert (told["part"], told["how"], told["box"]) == ("media/x.jpg#ocr", ["ocr"], [10, 20, 80, 12])


def test_a_word_on_a_frame_says_when() -> None:
    (told,) = verdict_of(words("casino", [0, 6, 1, 2, 3, 4, 7.5], name="media/x.mp4#ocr")).to_dict()["findings"]
    assert (told["from_s"], told["to_s"]) == (7.5, 7.5)


def test_a_code_says_where_it_stands() -> None:
    part = Part("media/x.jpg#qr-2", PartKind.TEXT, "casino", {"box": [1, 2, 3, 4], "code": "QRCode"})
    (told,) = verdict_of(part).to_dict()["findings"]
    assert (told["how"], told["box"]) == (["qr"], [1, 2, 3, 4])


def test_uploaded_words_are_left_as_they_are() -> None:
    match = Match(0, 0, 6, "casino")
    assert placed(Part("texts.headline", PartKind.TEXT, "casino"), match) is match


def test_sound_that_nobody_listens_to_is_noted_and_decides_nothing() -> None:
    verdict = verdict_of(CLIP)
    assert verdict.decision is Decision.PASS
    assert verdict.notes == ("media/x.mp4: its sound was not listened to, the audio port is off",)


def test_a_clip_waits_in_review_for_its_transcript_and_is_decided_by_it() -> None:
    transcriber = MemoryTranscriber()
    waiting = listen(fingerprint_of(CLIP), transcriber, {"media/x.mp4": "s3://uploads/x.mp4"})
    (job,) = transcriber.begun
    pending = verdict_of(*waiting.parts)
    assert (pending.decision, pending.notes) == (Decision.REVIEW, ())
    assert pending.completeness["media/x.mp4#audio"] == "failed: transcript not there yet"

    transcriber.transcripts[job] = "come to the casino"
    spoken = transcriber.words(job)
    assert spoken is not None
    done = heard(waiting, job, spoken)
    assert done.content_sha256 != waiting.content_sha256
    (finding,) = verdict_of(*done.parts).findings
    assert (finding.part, finding.match.how) == ("media/x.mp4#audio", ("audio",))


def test_a_transcript_of_another_clip_changes_nothing() -> None:
    fingerprint = fingerprint_of(CLIP)
    assert heard(fingerprint, "unknown", "casino") is fingerprint


class _First:
    def __init__(self, *parts: Part) -> None:
        self.parts = list(parts)

    def read(self, name: str, file: Path, seconds: float) -> list[Part]:
        del name, file, seconds
        return self.parts


def second(incomplete: str = "", **image: Any) -> list[Part]:
    picture = Part("media/x.jpg", PartKind.IMAGE, evidence={"size": [200, 100]} | image)
    read = words("hello", [0, 5, 1, 1, 9, 9])
    reader = MemoryWordReader(
        [SeenWord("casino", (0.1, 0.2, 0.3, 0.1), 0), SeenWord("now", (0.5, 0.2, 0.1, 0.1), 0)], incomplete
    )
    return SecondReading(_First(picture, read), reader).read("media/x.jpg", Path(__file__), 5)


def test_a_second_reader_adds_lines_in_the_pictures_own_pixels() -> None:
    part = second()[1]
    assert part.text == "hello\ncasino now"
    assert part.evidence["words"][1:] == [[6, 12, 20, 20, 60, 10], [13, 16, 100, 20, 20, 10]]
    assert part.incomplete == ""


def test_what_the_second_reader_left_out_is_told() -> None:
    assert second("has 100 words or more")[1].incomplete == "has 100 words or more"


def test_clips_are_not_read_a_second_time() -> None:
    reader = MemoryWordReader([])
    parts = SecondReading(_First(replace(CLIP)), reader).read("media/x.mp4", Path(__file__), 5)
    assert (parts, reader.shown) == ([CLIP], 0)
