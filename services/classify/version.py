"""Which rules were at work: one short name for all that reading and comparing rests on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from shared.data_files import data_of, own_folder

_RULES = (".py", ".csv")


@lru_cache(maxsize=1)
def rules_version() -> str:
    """A digest of the classifier's code and data and of the shared data, and of a newsroom's own files that lie over
    them, as they were when first asked for."""
    own = own_folder()
    laid = tuple(own / part for part in ("classify", "shared") if own and (own / part).is_dir())
    return digest_of((Path(__file__).parent, data_of("shared").built_in, *laid))


def digest_of(folders: Iterable[Path]) -> str:
    """A digest of the rules in folders and the folders in them: of their names and texts, whatever their line ends."""
    digest = hashlib.blake2b(digest_size=6)
    for folder in folders:
        for path, file in sorted(_under(folder, ""), key=lambda pair: pair[0]):
            digest.update(path.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()


def _under(folder: Path, path: str) -> Iterator[tuple[str, Path]]:
    for file in folder.iterdir():
        name = f"{path}/{file.name}"
        if file.is_dir():
            yield from _under(file, name)
        elif file.name.endswith(_RULES):
            yield name, file
