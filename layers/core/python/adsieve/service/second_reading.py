"""A media reader whose pictures are read a second time, by a WordReader."""

from dataclasses import dataclass, replace
from pathlib import Path

from adsieve.domain.ad import Part, PartKind
from adsieve.ports import MediaReader, SeenWord, WordReader


@dataclass(frozen=True, slots=True)
class SecondReading:
    """Adds what a WordReader sees in a picture to the words that the first reader saw.

    Clips are left alone: a service that is paid by the picture would be paid by the frame.
    """

    first: MediaReader
    second: WordReader

    def read(self, name: str, file: Path, seconds: float) -> list[Part]:
        """See `MediaReader.read`."""
        parts = self.first.read(name, file, seconds)
        picture = next((part for part in parts if part.kind is PartKind.IMAGE), None)
        if picture is None:
            return parts
        words, incomplete = self.second.read(file.read_bytes())
        size = picture.evidence["size"]
        return [_joined(part, words, size, incomplete) if part.name == f"{name}#ocr" else part for part in parts]


def _joined(part: Part, words: list[SeenWord], size: list[int], incomplete: str) -> Part:
    """The `#ocr` part with more words, each line by itself below those of the first reading."""
    text, rows = part.text, [*part.evidence.get("words", ())]
    line: int | None = None
    for word in words:
        if text:
            text += " " if word.line == line else "\n"
        left, top, width, height = word.box
        box = [round(left * size[0]), round(top * size[1]), round(width * size[0]), round(height * size[1])]
        rows.append([len(text), len(text) + len(word.text), *box])
        text += word.text
        line = word.line
    evidence = {**part.evidence, "words": rows}
    return replace(part, text=text, evidence=evidence, incomplete=part.incomplete or incomplete)
