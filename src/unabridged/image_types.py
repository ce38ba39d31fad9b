"""Media types of raster images, recognised by their first bytes."""

MAGIC: tuple[tuple[int, bytes, str], ...] = (
    # offset, bytes, media type: https://mimesniff.spec.whatwg.org/#matching-an-image-type-pattern
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBPVP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (0, b"BM", "image/bmp"),
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
)


def raster_type(body: bytes) -> str | None:
    """Return the media type of a raster image by its first bytes; None for anything else, including SVG."""
    return next((kind for at, magic, kind in MAGIC if body[at : at + len(magic)] == magic), None)
