"""A part of a test as a user for whom a closed folder is closed: for root, none is."""

from __future__ import annotations

import ctypes
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 1, 2
VERSION_3 = 0x20080522
"""`_LINUX_CAPABILITY_VERSION_3` of capget(2): two words of 32 bits a set."""


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Words(ctypes.Structure):
    _fields_ = (
        ("effective", ctypes.c_uint32),
        ("permitted", ctypes.c_uint32),
        ("inheritable", ctypes.c_uint32),
    )


@contextmanager
def unprivileged() -> Iterator[None]:
    """Heed the modes of files for a while, also where we are root.

    Root keeps its name, so that it can still read a checkout which only its owner may
    enter; it gives up the two capabilities that open what a mode closes (capabilities(7)).
    """
    if os.geteuid() != 0:
        yield
        return
    sets = (_Words * 2)()
    _capabilities("capget", sets)
    before = sets[0].effective
    sets[0].effective = before & ~(1 << CAP_DAC_OVERRIDE | 1 << CAP_DAC_READ_SEARCH)
    _capabilities("capset", sets)
    try:
        yield
    finally:
        sets[0].effective = before
        _capabilities("capset", sets)


def _capabilities(call: str, sets: ctypes.Array[_Words]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    header = _Header(VERSION_3, 0)
    if getattr(libc, call)(ctypes.byref(header), sets) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{call}: {os.strerror(number)}")


@contextmanager
def closed_folder() -> Iterator[Path]:
    """A folder that nobody may look into; the one that it lies in is open."""
    with tempfile.TemporaryDirectory(prefix="redphone-closed-") as place:
        Path(place).chmod(0o755)
        folder = Path(place) / "closed"
        folder.mkdir(mode=0o000)
        try:
            yield folder
        finally:
            folder.chmod(0o700)
