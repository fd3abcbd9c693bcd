"""64 MiB of zeros in a few bytes, in encodings for which the tests have no library; no fetcher asks for either."""

from __future__ import annotations

MIB = 64

#: As a brotli encoder writes them at quality 11 with a window of 2^24 bytes (RFC 7932).
BROTLI = bytes.fromhex(
    "cfffff7ff82700e2b14020f7fe9ffffffff04f00c4610180eefd3fffffffe19f0088c32200ddfbfffcffffc73f0110870500baf7ff"
)

_BLOCK = 128 * 1024  # the largest that there is
_LAST, _REPEATED = 1, 1 << 1


def zstd() -> bytes:
    """A Zstandard frame of blocks that repeat one byte (RFC 8878, 3.1.1): no size told, a window of 2 MiB."""
    blocks = [(_BLOCK << 3 | _REPEATED).to_bytes(3, "little") + b"\0"] * (MIB * 2**20 // _BLOCK)
    blocks[-1] = (_BLOCK << 3 | _REPEATED | _LAST).to_bytes(3, "little") + b"\0"
    return b"\x28\xb5\x2f\xfd" + b"\x00\x58" + b"".join(blocks)
