"""Names one letter off: "Puttin", "Baiden"."""

from __future__ import annotations

from collections.abc import Iterable


def near(word: str, names: Iterable[str]) -> list[str]:
    """Those of some names that differ from a word in one letter at most; the first letter is the same."""
    alike = (name for name in names if name[0] == word[0] and abs(len(name) - len(word)) < 2)
    return [name for name in alike if _one_edit(name, word)]


def _one_edit(a: str, b: str) -> bool:
    """Whether one letter was put in, left out or changed between two words."""
    if a == b:
        return True
    if len(a) > len(b):
        a, b = b, a
    i = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    return a[i:] == b[i + 1 :] or (len(a) == len(b) and a[i + 1 :] == b[i + 1 :])
