"""Makes pictures fit to publish: decoded within limits, made smaller, and written again without metadata.

The one module that imports Pillow, which takes a while: import it inside the function that needs it.
"""

from __future__ import annotations

from io import BytesIO

from msgspec import Struct
from PIL import Image, ImageOps

MOST_BYTES = 10 * 1024 * 1024
_MOST_PIXELS = 40_000_000
_LONGEST_SIDE = 1600
"""Pixels. A larger picture is made smaller: a page is read on a phone."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")


class BadPicture(Exception):
    """Why a picture cannot be published."""


class Picture(Struct, frozen=True, kw_only=True):
    """A picture that can be published. ending: of its file's name."""

    data: bytes
    ending: str
    width: int
    height: int


def published(data: bytes) -> Picture:
    """The picture, decoded and written again without its metadata. Raises BadPicture."""
    if len(data) > MOST_BYTES:
        raise BadPicture(
            f"it has {len(data) / 1024 / 1024:.0f} MiB; at most {MOST_BYTES // 1024 // 1024} are published"
        )
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise BadPicture(f"it has {opened.width} x {opened.height} pixels: make it smaller")
            return _written(ImageOps.exif_transpose(opened), is_photo=opened.format == "JPEG")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadPicture(f"it is not a PNG, JPEG, GIF or WebP picture that can be read ({error})") from None


def _written(picture: Image.Image, *, is_photo: bool) -> Picture:
    clean = picture.convert("RGB" if is_photo else "RGBA")
    clean.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    bare = Image.new(clean.mode, clean.size)
    bare.paste(clean)
    out = BytesIO()
    if is_photo:
        bare.save(out, "JPEG", quality=85)
    else:
        bare.save(out, "PNG", optimize=True)
    return Picture(data=out.getvalue(), ending="jpg" if is_photo else "png", width=bare.width, height=bare.height)
