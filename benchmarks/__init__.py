"""Measurements of Redphone beside its peers in the same run: `make bench` writes RESULTS.md."""
