"""Picture files made to break readers, and odd ones that must read well: each made here, none kept."""

import io
import struct
import zlib
from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageDraw, PngImagePlugin

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def a_scene(width: int = 320, height: int = 240) -> Image.Image:
    """Bold shapes on a slope: the same in any format."""
    slope = Image.linear_gradient("L").resize((width, height))
    scene = Image.merge("RGB", (slope, slope.rotate(180), slope.point(lambda value: value // 2)))
    brush = ImageDraw.Draw(scene)
    for n in range(9):
        x, y, r = width * (7 * n % 10) // 10, height * (3 * n % 10) // 10, width * (2 + n % 3) // 22
        colour = (250, 240, 90) if n % 2 else (25, 20, 70)
        (brush.ellipse if n % 3 else brush.rectangle)((x - r, y - r, x + r, y + r), fill=colour)
    return scene


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    kept = io.BytesIO()
    image.save(kept, form, **options)
    return kept.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, bits: int, colour: int, body: bytes, extra: bytes = b"") -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return SIGNATURE + chunk(b"IHDR", header) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def zeros(size: int) -> bytes:
    packer = zlib.compressobj(9)
    block = bytes(1 << 20)
    packed = [packer.compress(block) for _ in range(size >> 20)]
    return b"".join([*packed, packer.compress(bytes(size & 0xFFFFF)), packer.flush()])


def animation(form: str, frames: int, **options: object) -> bytes:
    first, *more = [a_scene().rotate(4.3 * number) for number in range(frames)]
    return saved(first, form, save_all=True, append_images=more, duration=100, **options)


def _jpeg_with_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan stands there again and again."""
    whole = saved(a_scene(1600, 1200), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:-2] + whole[last:-2] * scans + b"\xff\xd9"


def _gif_frames(count: int) -> bytes:
    """A GIF of two tiny frames, the second repeated."""
    whole = saved(
        a_scene(64, 64).quantize(8), "GIF", save_all=True, append_images=[a_scene(64, 64).rotate(90).quantize(8)]
    )
    second = whole.rindex(b"\x21\xf9\x04")
    return whole[:second] + whole[second:-1] * count + b";"


def unreadable() -> Iterator[tuple[str, bytes]]:
    """Files that must be refused with a cause."""
    scene = a_scene()
    jpeg, plain = saved(scene, "JPEG"), saved(scene, "PNG")
    yield "png bomb of one bit", png(30_000, 30_000, 1, 0, zeros(30_000 * 3_751))
    yield "png bomb in colour", png(20_000, 20_000, 8, 2, zeros(40_000_000))
    yield "png of two thousand million pixels a side", png(2**31 - 1, 2**31 - 1, 8, 2, zeros(100))
    yield "png of side nought", png(0, 10, 8, 2, zeros(100))
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "a" * 60_000_000, zip=True)
    yield "png with a text bomb", saved(scene, "PNG", pnginfo=text)
    icc = chunk(b"iCCP", b"profile\0\0" + zeros(50_000_000))
    yield "png with a profile bomb", plain[:33] + icc + plain[33:]
    yield "truncated png", plain[: len(plain) // 2]
    yield "png with a wrong checksum", plain.replace(b"IDAT", b"IDAU")
    yield "gif of 65535 a side", b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0) + bytes(6) + b";"
    gif = animation("GIF", 8)
    yield "gif with a damaged fifth frame", gif[: int(len(gif) * 0.55)]
    webp = animation("WEBP", 8)
    yield "webp with a damaged frame", webp[: int(len(webp) * 0.6)]
    yield "half a jpeg", jpeg[: len(jpeg) // 2]
    yield "a jpeg header", jpeg[:200]
    start = jpeg.index(b"\xff\xc0") + 5
    yield "jpeg that claims 65500 a side", jpeg[:start] + struct.pack(">HH", 65_500, 65_500) + jpeg[start + 4 :]
    tiff = saved(scene, "TIFF")
    yield "tiff", tiff
    yield "tiff with a loop of directories", tiff[:4] + struct.pack("<I", 8) + b"\0\0" + struct.pack("<I", 8)
    bmp = saved(scene, "BMP")
    yield "bmp of negative width", bmp[:18] + struct.pack("<i", -320) + bmp[22:]
    yield "icon", saved(scene.resize((64, 64)), "ICO")
    yield (
        "postscript",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n(/tmp/adsieve-eps) (w) file closefile\nshowpage\n",
    )
    yield (
        "svg with an external entity",
        (b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'),
    )
    entities = b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n + 1, n, n) for n in range(60))
    yield "svg with a thousand million laughs", b"<!DOCTYPE svg [" + entities + b"]><svg>&a60;</svg>"
    yield "float tiff", saved(Image.new("F", (64, 64), 0.5), "TIFF")
    yield "one pixel wide", saved(Image.new("RGB", (1, 16_000)), "PNG")
    yield "four by four", saved(Image.new("RGB", (4, 4)), "PNG")
    yield "empty", b""
    yield "words", b"this is no picture\n" * 20
    yield "html that begins like a gif", b"GIF89a<html><script>alert(1)</script></html>"
    yield "heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500)
    yield "jpeg xl", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(500)
    yield "photoshop", b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 100, 100, 8, 3) + bytes(500)
    yield "gzip", b"\x1f\x8b\x08" + bytes(500)
    yield "random", np.random.default_rng(1).integers(0, 256, 5_000, dtype=np.uint8).tobytes()


def heavy() -> Iterator[tuple[str, bytes]]:
    """Files that cost as much as a file may; what becomes of them is not the point."""
    yield from ((name, data) for name, data in unreadable() if "bomb" in name)
    yield "progressive with many scans", _jpeg_with_scans(1_000)
    yield "just below the limit", png(6_300, 6_300, 8, 6, zeros(6_300 * 25_201))
    yield "jpeg just below the limit", saved(Image.new("RGB", (7_140, 7_140), "teal"), "JPEG")


def partly_read() -> Iterator[tuple[str, bytes]]:
    """Files of which some can be shown and the rest cannot: scanned, and reviewed all the same."""
    yield "gif of 5000 frames", _gif_frames(2_500)
    yield "gif of 80 different frames", animation("GIF", 80)
    jpeg = saved(a_scene(), "JPEG")
    yield "jpeg with a zip behind it", jpeg + b"PK\x03\x04" + bytes(3_000)


def readable() -> Iterator[tuple[str, bytes]]:
    """Odd files that show the scene of `a_scene`."""
    scene = a_scene()
    jpeg = saved(scene, "JPEG")
    yield "jpeg", jpeg
    yield "png", saved(scene, "PNG")
    yield "webp", saved(scene, "WEBP")
    yield "avif", saved(scene, "AVIF")
    yield "bmp", saved(scene, "BMP")
    yield "gif", saved(scene.quantize(128), "GIF")
    yield "cmyk", saved(scene.convert("CMYK"), "JPEG")
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "turned by exif", saved(scene.rotate(90, expand=True), "JPEG", exif=exif)
    yield "garbage exif", jpeg[:2] + b"\xff\xe1\x00\x20Exif\0\0" + b"\xff" * 24 + jpeg[2:]
    yield "greyscale", saved(scene.convert("L"), "PNG")
    deep = np.asarray(scene.convert("L")).astype(np.uint16) * 257
    yield "sixteen bits", saved(Image.fromarray(deep), "PNG")
    yield "palette", saved(scene.quantize(256), "PNG")
    yield "palette with one see-through colour", saved(scene.quantize(255), "PNG", transparency=255)
    yield "grey with alpha", saved(scene.convert("LA"), "PNG")
    faint = scene.convert("RGBA")
    faint.putalpha(scene.convert("L"))
    yield "colour under alpha", saved(faint, "PNG")
    hidden = Image.new("RGBA", scene.size, (0, 0, 0, 0))
    hidden.putalpha(Image.eval(scene.convert("L"), lambda value: 255 - value))
    yield "only in the alpha channel", saved(hidden, "PNG")
    yield "png named as a jpeg", saved(scene, "PNG")
    yield "two jpegs in one file", jpeg + saved(scene.rotate(180), "JPEG")
