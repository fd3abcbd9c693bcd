"""The rules and data that are files: those that come with the program, and a newsroom's own laid over them.

`REDPHONE_DATA_DIR` names a folder of such files, `classify/cues.csv` or `shared/topics.csv`; each takes the place of
the file of that name that comes with the program. So a file goes back one version, or ahead of one, without a release.
Of a file of phrases (`notify/wording.csv`, `status/page.csv`, `status/lines.csv`) single rows do: what it lacks is said
as it was.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shared.csv_rows import CsvError, records_of, rows_of
from shared.errors import UsageError

SETTING = "REDPHONE_DATA_DIR"
PARTS = ("classify", "ingest", "notify", "shared", "status")
#: Where the packages lie beside each other.
_PACKAGES = Path(__file__).resolve().parents[1]


class DataFolder(NamedTuple):
    """The data of one part of the program; `/` finds a file of it, the newsroom's own before the built-in one."""

    own: Path | None
    built_in: Path

    def __truediv__(self, name: str) -> Path:
        """A file by its path in the folder, such as `leaders/asia-terms.csv`."""
        if self.own is not None and self.has_own(name):
            return self.own / name
        return self.built_in / name

    def has_own(self, name: str) -> bool:
        """Whether the newsroom has a file of its own in a built-in one's place."""
        return self.own is not None and (self.own / name).is_file()

    @property
    def as_built(self) -> DataFolder:
        """The folder without the newsroom's own files."""
        return DataFolder(None, self.built_in)

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of a CSV file in the folder, by the columns that its first line names.

        Raises UsageError for a row that does not fit these, or a file that is no CSV.
        """
        try:
            return [row for _, row in records_of((self / name).read_text(encoding="utf-8"))]
        except CsvError as error:
            raise UsageError(f"{name}, {error}") from error


def data_of(part: str) -> DataFolder:
    """The data of a part: classify, ingest, notify, shared or status."""
    own = own_folder()
    return DataFolder(own / part if own else None, _built_in(part))


def own_folder() -> Path | None:
    """The folder that the newsroom's own files lie in, where there is one."""
    named = os.environ.get(SETTING)
    return Path(named) if named else None


def laid_over(folder: Path) -> list[str]:
    """The files of a folder that take a built-in file's place, as `classify/cues.csv`.

    Raises UsageError for a folder or a file that cannot be read, that is no file of the program's, or that lacks one of
    its columns.
    """
    try:
        found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
        if not folder.is_dir():
            raise NotADirectoryError(0, "no such folder")
        names = [path.relative_to(folder).as_posix() for path in found]
        for name in names:
            _refuse_unfit(folder, name)
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"{SETTING}: {folder} cannot be read ({said})") from error
    return names


def built_in() -> Iterator[tuple[str, bytes]]:
    """Every data file that comes with the program, with what is in it."""
    for part in PARTS:
        yield from _under(_built_in(part), part)


def _refuse_unfit(folder: Path, name: str) -> None:
    part, _, rest = name.partition("/")
    place = _built_in(part) / rest if part in PARTS and rest else None
    if place is None or not place.is_file():
        raise UsageError(f"{SETTING}: {name} is no data file of this program; redphone rules --export shows them")
    wanted = _header(place.read_text(encoding="utf-8"))
    try:
        there = _header((folder / name).read_text(encoding="utf-8"))
    except CsvError as error:
        raise UsageError(f"{SETTING}: {name}, {error}") from error
    if missing := [column for column in wanted if column not in there]:
        raise UsageError(f"{SETTING}: {name} has no column {missing[0]}: it is of another version than this program")


def _header(text: str) -> list[str]:
    return next((cells for _, cells in rows_of(text)), [])


def _built_in(part: str) -> Path:
    return (_PACKAGES / "shared" if part == "shared" else _PACKAGES / "services" / part) / "data"


def _under(folder: Path, path: str) -> Iterator[tuple[str, bytes]]:
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{path}/{file.name}"
        if file.is_dir():
            yield from _under(file, name)
        elif name.endswith(".csv"):
            yield name, file.read_bytes()
