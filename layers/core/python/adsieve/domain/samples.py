"""Names of sample pictures and clips: the digest of their bytes, so that a version of a row names what it matches."""

import re
from hashlib import sha256
from pathlib import PurePosixPath

from adsieve.domain.errors import DamagedRecordError

FOLDER = "media"
"""Where samples lie beside the rows that name them."""

_NAME = re.compile(r"[0-9a-f]{64}(\.[a-z0-9]{1,8})?")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


def sample_name(path: str, data: bytes) -> str:
    """The name under which a file's bytes are kept: their digest, and the file's ending where it is a plain one."""
    ending = PurePosixPath(path).suffix.lower()
    return sha256(data).hexdigest() + (ending if _ENDING.fullmatch(ending) else "")


def is_sample_name(name: str) -> bool:
    """Whether it is a name that `sample_name` gives."""
    return _NAME.fullmatch(name) is not None


def check_sample(name: str, data: bytes) -> None:
    """Raise DamagedRecordError where the bytes are not those that the name tells."""
    if not is_sample_name(name) or sha256(data).hexdigest() != name[:64]:
        raise DamagedRecordError(f"sample {name}", "its bytes are not those that its name tells")
