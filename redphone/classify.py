"""`redphone classify`: articles in, one JSON line per article out, without a database.

Imports only what reading an article needs, because it is started once per article by other programs.
"""

from __future__ import annotations

import gc
import sys

from redphone.articles import read_articles
from redphone.lines import article_line, encode
from redphone.progress import counted
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon


def classify(path: str) -> None:
    """Print one line per article of `path` (`-`: standard input). Raises UsageError before the first line.

    Garbage is collected from the first article on, and not among what was loaded before.
    """
    articles = read_articles(path)
    lexicon = load_lexicon()
    gc.freeze()
    gc.enable()
    for article in counted(articles, "classified"):
        sys.stdout.write(encode(article_line(article.id, extract(article, lexicon).reports)) + "\n")
