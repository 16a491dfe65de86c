"""Where Tesseract's language data lies. It is not part of adsieve: `make setup` and the media layer install it.

A layer is mounted with its modules in `python` and its data in `share`, side by side.
"""

import os
import sys
from functools import cache
from pathlib import Path

LANGUAGES = ("ara", "eng")
"""Languages that pictures are read in, by Tesseract's names."""


@cache
def data_folder(language: str) -> Path | None:
    """The first folder that has the language's data; None where there is none."""
    return next((folder for folder in _folders() if (folder / f"{language}.traineddata").is_file()), None)


def _folders() -> list[Path]:
    named = os.environ.get("TESSDATA_PREFIX")
    return [
        *([Path(named)] if named else []),
        Path(sys.prefix, "share/tessdata"),
        *(Path(entry).parent / "share/tessdata" for entry in sys.path if Path(entry).name == "python"),
        Path("/usr/share/tesseract-ocr/5/tessdata"),
        Path("/usr/share/tessdata"),
        Path("/opt/homebrew/share/tessdata"),
    ]
