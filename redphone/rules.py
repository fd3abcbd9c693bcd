"""`redphone rules`: which rules and data are at work, and the built-in ones as files."""

from __future__ import annotations

import sys
from pathlib import Path

from services.classify.canary import read_one
from services.classify.lexicon import load_lexicon
from services.classify.version import rules_version
from services.ingest.canary import invented
from services.notify.wording import load_wording
from shared.clock import utc_now
from shared.data_files import built_in, laid_over
from shared.errors import UsageError
from shared.names import load_names
from shared.settings import load_settings


def show() -> None:
    """Print the version and what lies over the built-in files, and read the test article by it.

    Raises UsageError for data that cannot be read or by which that article is no call any more.
    """
    own = load_settings().data_dir
    laid = laid_over(own) if own else []
    load_names()
    load_wording()
    load_lexicon()
    entry = invented(utc_now())
    found = read_one(entry.title, entry.summary, utc_now())
    if isinstance(found, str):
        raise UsageError(f"by these rules the test article is not read as a call: {found}")
    sys.stdout.write(f"rules {rules_version()}\n")
    sys.stdout.writelines(f"{own}/{name} lies over the built-in file\n" for name in laid)
    sys.stdout.write("the test article is read as a call between its two leaders\n")


def export(folder: Path) -> None:
    """Write the built-in data files into a folder, as REDPHONE_DATA_DIR takes them. Raises UsageError for a folder that
    is not empty or cannot be written."""
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UsageError(f"{folder} is not empty: name a new folder")
        for name, text in built_in():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be written ({error.strerror}); name another folder") from error
    sys.stdout.write(f"{folder}: the data of rules {rules_version()}\n")
