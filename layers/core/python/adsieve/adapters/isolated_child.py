"""The child of `adapters.isolated`: reads files that its standard input names, one JSON line each, under hard limits."""

import json
import os
import resource
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from adsieve.adapters.isolated import told
from adsieve.detectors.media.reader import Reader
from adsieve.domain.errors import UnreadableMediaError


def main(memory: int) -> None:
    """Answer questions until standard input ends."""
    _load()
    _limit(memory)
    answers = os.fdopen(os.dup(1), "wb")
    # What a decoder prints would stand among the answers.
    os.dup2(2, 1)
    reader = Reader()
    for line in sys.stdin:
        answers.write(json.dumps(_answer(reader, json.loads(line))).encode() + b"\n")
        answers.flush()


def _answer(reader: Reader, question: dict[str, str]) -> dict[str, object]:
    try:
        parts = reader.read(question["name"], Path(question["file"]), float(question["seconds"]))
    except UnreadableMediaError as error:
        return {"cause": error.cause}
    except MemoryError:
        return {"cause": "needs more memory than a file may take"}
    except ModuleNotFoundError as error:
        return {"cause": f"cannot be read here: `{error.name}` is not installed, add the media and video layers"}
    return {"parts": [told(part) for part in parts]}


def _load() -> None:
    """Import what reading needs while the disk may still be written to, or every child would compile it again."""
    for name in (
        "adsieve.detectors.media.reading",
        "adsieve.detectors.media.clips",
        "adsieve.detectors.media.animations",
    ):
        import_module(name)
    for name in ("numpy.ma", "PIL.ImageOps", "zxingcpp", "tesserocr", "av"):
        with suppress(ModuleNotFoundError):  # told when a file needs it
            import_module(name)
    if "PIL.Image" in sys.modules:
        sys.modules["PIL.Image"].init()


def _limit(memory: int) -> None:
    """No more memory than given, no file written, no core dump."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(int(sys.argv[1]))
