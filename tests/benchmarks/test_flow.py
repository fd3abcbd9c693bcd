"""The flow on real servers, with a handful of articles: what is measured is what it says."""

from __future__ import annotations

from benchmarks import flow
from redphone.articles import read_articles
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from tests.support.processes import ROOT


def test_every_stored_article_goes_through_a_real_worker() -> None:
    seeds = read_articles(str(ROOT / "seeds"))
    told = sum(len(extract(seed, lexicon=load_lexicon()).reports) for seed in seeds)
    rate, reports = flow.verdicts(seeds, 2)
    assert rate > 0
    assert reports == 2 * told > 0


def test_entries_are_stored() -> None:
    assert flow.stored(60, 50) > 0
