"""Where the sample picture or clip of a material lies: beside the file that names it, never elsewhere."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from adsieve.domain.errors import InvalidMaterialError, Problem
from adsieve.domain.material import Material

MAX_SAMPLE_BYTES = 100_000_000


def sample_file(material: Material) -> Path:
    """The sample of an image or video row.

    Raises:
        InvalidMaterialError: it is missing, too large, or not inside the material's folder.
    """
    problems = list(sample_problems(material))
    if problems:
        raise InvalidMaterialError(problems)
    return Path(material.folder, material.value)


def sample_problems(material: Material) -> Iterator[Problem]:
    """What is wrong with the path of a sample. A row that a program made may name any file."""
    path = PurePosixPath(material.value)
    if material.folder and (path.is_absolute() or ".." in path.parts or "\\" in material.value):
        hint = "write its path relative to this file, below its folder"
        yield Problem(material.source, "value", f"`{material.value}` leaves the folder of the material", hint)
        return
    file = Path(material.folder, material.value)
    if material.folder and not file.resolve().is_relative_to(Path(material.folder).resolve()):
        yield Problem(material.source, "value", f"`{material.value}` is a link out of the folder", "copy the file in")
    elif not file.is_file():
        yield Problem(
            material.source, "value", f"there is no file `{material.value}`", "put the sample beside this file"
        )
    elif file.stat().st_size > MAX_SAMPLE_BYTES:
        message = f"`{material.value}` is {file.stat().st_size} bytes, at most {MAX_SAMPLE_BYTES}"
        yield Problem(material.source, "value", message, "shrink the sample")
