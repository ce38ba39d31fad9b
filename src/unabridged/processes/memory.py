"""Memory of long-running processes."""

import ctypes
import sys

_M_ARENA_MAX = -8
"""Number of the option in glibc's malloc.h. https://man7.org/linux/man-pages/man3/mallopt.3.html"""


def use_one_arena() -> bool:
    """Let all threads of this process share one arena of malloc; True where the C library can.

    By default glibc gives each thread an arena of its own, whose free memory the others cannot use: 5 to 9 of
    the reader's 123 to 142 MB. It works for threads that are started afterwards.
    """
    if not sys.platform.startswith("linux"):
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # musl has none
    return mallopt is not None and bool(mallopt(_M_ARENA_MAX, 1))
