"""Draw the sample ads whose words, codes and clips adsieve must read. Synthetic, and harmless to look at.

    python -m tests.samples.make_words

Needs the DejaVu and Noto Arabic fonts (Debian: fonts-dejavu-core, fonts-noto-core). Encoders differ in their bytes from
version to version, so the files are kept as drawn and not compared.
"""

import json
from pathlib import Path

import numpy as np
import zxingcpp
from PIL import Image

from tests.clips import write_clip
from tests.pictures import lettered

ADS = Path(__file__).parent / "ads"
SIZE = (480, 360)


def main() -> None:
    """Write the folders `media-words-*` and `media-code`."""
    _picture("media-words-en", "The best casino bonus", "en")
    _picture("media-words-ar", "العب في الكازينو الآن", "ar")
    _picture("media-words-clean", "Fresh bread every morning", "en")
    code = Image.fromarray(
        np.asarray(zxingcpp.create_barcode("casino", zxingcpp.BarcodeFormat.QRCode).to_image(scale=6))
    )
    poster = Image.new("RGB", SIZE, (222, 240, 255))
    poster.paste(code.convert("RGB"), (150, 90))
    poster.save(media_folder("media-code", "poster.png") / "poster.png")
    quiet = np.asarray(lettered("Good evening", "en", px=36, size=SIZE))
    loud = np.asarray(lettered("The casino is open", "en", seed=2, px=36, size=SIZE, ground="dark"))
    write_clip(media_folder("media-words-clip", "clip.mp4") / "clip.mp4", [quiet] * 20 + [loud] * 20, crf=30)


def _picture(ad_id: str, phrase: str, language: str) -> None:
    lettered(phrase, language, seed=3, px=36, size=SIZE).save(media_folder(ad_id, "picture.png") / "picture.png")


def media_folder(ad_id: str, media: str) -> Path:
    """The folder of a sample ad that has nothing to say but its picture or clip."""
    folder = ADS / ad_id
    folder.mkdir(exist_ok=True)
    ad = {"ad_id": ad_id, "advertiser_id": "adv-9", "markets": ["SA"], "texts": {"body": "See more"}, "media": [media]}
    (folder / "ad.json").write_text(json.dumps(ad, ensure_ascii=False, indent=2) + "\n")
    return folder


if __name__ == "__main__":
    main()
