"""Amazon Rekognition DetectText: a second reader of words in pictures. Costs money a picture, so it is off by default.

It reads what Tesseract does not, letters on busy photos above all. Its documentation promises Latin and a few other
scripts; whether it reads Arabic must be tried on a live account before anybody relies on it.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from adsieve.domain.errors import UnavailableError
from adsieve.ports import SeenWord

if TYPE_CHECKING:
    from mypy_boto3_rekognition import RekognitionClient

MAX_BYTES = 5_000_000
"""Largest picture that DetectText takes as bytes; JPEG and PNG only."""

MAX_WORDS = 100
"""DetectText reports no more; what it leaves out cannot be known."""

LEAST_CONFIDENCE = 50.0
_REFUSED = frozenset({"InvalidImageFormatException", "ImageTooLargeException", "InvalidParameterException"})


@dataclass(frozen=True, slots=True)
class RekognitionWords:
    """A WordReader over DetectText."""

    client: "RekognitionClient"

    def read(self, picture: bytes) -> tuple[list[SeenWord], str]:
        """See `WordReader.read`."""
        if len(picture) > MAX_BYTES:
            return [], f"is {len(picture)} bytes, Rekognition reads at most {MAX_BYTES}"
        try:
            found = self.client.detect_text(Image={"Bytes": picture})["TextDetections"]
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in _REFUSED:
                return [], f"was refused by Rekognition: {code}"
            raise UnavailableError(f"rekognition: {code}") from error
        except BotoCoreError as error:
            raise UnavailableError(f"rekognition: {error}") from error
        words = [word for word in found if word["Type"] == "WORD" and word["Confidence"] >= LEAST_CONFIDENCE]
        seen = []
        for word in words:
            box = word["Geometry"]["BoundingBox"]
            place = (box["Left"], box["Top"], box["Width"], box["Height"])
            seen.append(SeenWord(word["DetectedText"], place, word.get("ParentId", 0)))
        return seen, f"has {MAX_WORDS} words or more, Rekognition tells no more" if len(words) >= MAX_WORDS else ""
