"""Regular expressions of modules, each compiled when it is first asked.

The modules that read an article hold some four hundred, of which one article asks a third; `redphone classify`, which
other programs start for one article, would spend a seventh of its time on the others.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "sub")


def regex(expression: str, flags: int = 0) -> re.Pattern[str]:
    """What `re.compile` gives, made at the first use; a mistake in the expression is an `re.error` there."""
    return cast("re.Pattern[str]", _Pattern(expression, flags))


class _Pattern:
    """Stands for a compiled pattern, and takes over its methods with the first one that is asked for."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern = expression
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        vars(self).update({method: getattr(compiled, method) for method in _METHODS})
        return getattr(compiled, name)
