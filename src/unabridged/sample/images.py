"""Paints the pictures of the sample's articles: landscapes drawn from a name, as PNG."""

import struct
import zlib
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]

MAX_SIDE: Final = 2400
"""Pixels; larger pictures are not painted."""

PALETTES: Final = (
    ((255, 214, 170), (222, 120, 96), (54, 40, 66)),
    ((214, 232, 240), (104, 156, 176), (24, 52, 70)),
    ((240, 232, 200), (150, 170, 110), (44, 62, 44)),
    ((236, 224, 240), (150, 124, 170), (46, 40, 74)),
    ((250, 236, 216), (206, 158, 110), (80, 54, 40)),
    ((224, 240, 232), (110, 166, 150), (30, 66, 66)),
)
"""Sky, middle and near colour of a picture."""


@lru_cache(maxsize=64)
def paint(name: str, width: int, height: int) -> bytes:
    """A landscape of width × height pixels as PNG; the same name gives the same picture at every size.

    Raises ValueError for sides outside 1 … MAX_SIDE.
    """
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise ValueError(
            f"{width} × {height} is no size of a picture here: sides are 1 to {MAX_SIDE} pixels."
        )
    random = np.random.default_rng(zlib.crc32(name.encode()))
    sky, middle, near = (np.array(c, dtype=np.float32) for c in PALETTES[int(random.integers(len(PALETTES)))])
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    picture = sky + (middle - sky) * (0.55 * y)[..., None] + np.zeros((height, width, 1), np.float32)
    _sun(picture, x * width / height, y, random)
    for layer in range(5):
        depth = (layer + 1) / 5
        colour = middle + (near - middle) * depth
        picture[y > _ridge(x, 0.42 + 0.11 * layer, random)] = colour
    return png(picture.clip(0, 255).astype(np.uint8))


def _sun(picture: Floats, x: Floats, y: Floats, random: np.random.Generator) -> None:
    at_x, at_y, radius = random.uniform(0.3, 1.4), random.uniform(0.14, 0.34), random.uniform(0.05, 0.09)
    distance = np.hypot(x - at_x, y - at_y)
    glow = np.exp(-((distance / (radius * 3)) ** 2))[..., None]
    picture += (255 - picture) * glow * 0.5
    picture[distance < radius] = (255, 248, 230)


def _ridge(x: Floats, level: float, random: np.random.Generator) -> Floats:
    """The height at which one range of hills ends, for every column."""
    waves = [
        random.uniform(0.2, 1.0)
        * 0.07
        / n
        * np.sin(2 * np.pi * (n * x * random.uniform(0.6, 1.4) + random.random()))
        for n in (1, 2, 4, 7)
    ]
    ridge: Floats = np.full_like(x, level) + sum(waves)
    return ridge


def png(pixels: NDArray[np.uint8]) -> bytes:
    """An array of height × width × 3 as a PNG file."""
    height, width, _ = pixels.shape
    rows = np.hstack([np.zeros((height, 1), np.uint8), pixels.reshape(height, width * 3)])
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
