"""Where `redphone` starts: one command without the others' libraries, and no traceback for what a user can mend.

`redphone classify` of one article is called from other programs' loops, so it goes to its function before the command
line's libraries are imported.
"""

from __future__ import annotations

import errno
import gc
import io
import os
import signal
import sys

from shared.errors import ServiceDownError, UsageError

# a full disk, a full quota, a file that may not grow
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
# as a shell tells of a program that SIGPIPE ended: 128 and the signal's number
READER_LEFT = 128 + signal.SIGPIPE
# a path that may not be looked at, or that no file can have
CLOSED = {errno.EACCES, errno.EPERM, errno.ENAMETOOLONG}


def main() -> None:
    """Run the command line; end with its exit code."""
    _open_closed_streams()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and give its exit code: 2 for what is handed in wrongly, 1 for a service that is down or output
    that cannot be written, 141 where the reader of the output went away."""
    _speak_utf8()
    try:
        try:
            _command(arguments)
        finally:  # what a command still holds back is its output too, and typer ends a command by SystemExit
            sys.stdout.flush()
    except (UsageError, ServiceDownError) as error:
        print(f"redphone: {error}", file=sys.stderr)  # noqa: T201
        return error.exit_code
    except (BrokenPipeError, SystemExit) as end:
        # `redphone … | head`: the reader has what it wants. Typer and rich make an end of it themselves, with 1
        if isinstance(end, SystemExit) and not isinstance(end.__context__, BrokenPipeError):
            raise
        _drop_output()
        return READER_LEFT
    except ModuleNotFoundError as error:
        return _not_here(error)
    except OSError as error:
        return _outside(error)
    except KeyboardInterrupt:
        return 130
    return 0


def _open_closed_streams() -> None:
    """Give a program that was started without one of its standard streams (`2>&-`) an empty one: Python has None there,
    and the first file that is opened would take its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            place = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(place, "w" if number else "r", encoding="utf-8"))


def _outside(error: OSError) -> int:
    """Tell what the system refuses, in one line, and give the exit code; raise what no user can mend."""
    if error.errno in CLOSED and error.filename is not None:
        print(f"redphone: {error.filename}: {error.strerror}; name a path that you may use", file=sys.stderr)  # noqa: T201
        return 2
    if error.errno not in FULL:
        raise error
    _drop_output()
    print(f"redphone: the output cannot be written: {error.strerror}; make room for it", file=sys.stderr)  # noqa: T201
    return 1


def _not_here(error: ModuleNotFoundError) -> int:
    """Tell which package this installation does without, and give the exit code; raise for a module of our own."""
    package = (error.name or "").partition(".")[0]
    if package in ("", "redphone", "services", "shared", "migrations"):
        raise error
    where = "docker compose run --rm cli has every package; elsewhere install redphone[all]"
    print(f"redphone: this command needs {package}, which is not installed here: {where}", file=sys.stderr)  # noqa: T201
    return 2


def _command(arguments: list[str]) -> None:
    plain = len(arguments) <= 2 and not any(_is_option(word) for word in arguments)
    has_settings = any(name.startswith("REDPHONE_") for name in os.environ)  # one of them may be misspelt
    if arguments[:1] == ["classify"] and plain and not has_settings:
        gc.disable()  # modules and lexicon are made once and live to the end: there is nothing in them to collect
        from redphone.classify import classify

        classify(*(arguments[1:] or ["-"]))
        return
    from redphone.cli import app

    app(arguments, prog_name="redphone")


def _drop_output() -> None:
    """Let nothing more be written, so that Python does not complain when it closes standard output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _speak_utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    main()
