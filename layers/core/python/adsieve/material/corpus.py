"""The clean corpus: innocent sentences that no material may match."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from adsieve.domain.errors import InputError
from adsieve.material.policies import material_folder

MAX_SENTENCES = 2_000_000


class Sentence(NamedTuple):
    """An innocent sentence, and its language where that is known."""

    text: str
    language: str = ""


def default_corpus() -> Path:
    """The folder of sentences that comes with adsieve."""
    return material_folder() / "clean"


def read_corpus(path: Path) -> list[Sentence]:
    """Sentences with their languages: of a .txt (one a line), of a .jsonl (`text`, `language`), or of a folder of them.

    A text file named after a language (`ar.txt`) holds that language.

    Raises:
        InputError: there is none, or a line cannot be read.
    """
    files = sorted(file for file in path.iterdir() if file.suffix in (".txt", ".jsonl")) if path.is_dir() else [path]
    try:
        sentences = [sentence for file in files for sentence in _read(file)]
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: not UTF-8, save it as UTF-8") from None
    if not sentences or len(sentences) > MAX_SENTENCES:
        raise InputError(f"{path}: holds {len(sentences):,} sentences, want 1 to {MAX_SENTENCES:,}")
    return sentences


def _read(file: Path) -> Iterator[Sentence]:
    language = file.stem if len(file.stem) == 2 else ""  # noqa: PLR2004 - an ISO code
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            if file.suffix != ".jsonl":
                yield Sentence(line.strip(), language)
                continue
            try:
                told = json.loads(line)
                yield Sentence(str(told["text"]), str(told.get("language", language)))
            except (ValueError, KeyError, TypeError):
                raise InputError(f"{file}:{number}: want an object with `text` and `language`") from None
