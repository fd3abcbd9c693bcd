"""Standard output for people: rich's console, with the end that every other output has where its reader leaves."""

from __future__ import annotations

from typing import NoReturn

from rich.console import Console


class Terminal(Console):
    """A console that passes a broken pipe on; rich itself would end the program with 1, as for a failure."""

    def on_broken_pipe(self) -> NoReturn:
        """Let the command line know that the reader has what it wants. Raises BrokenPipeError."""
        raise BrokenPipeError
