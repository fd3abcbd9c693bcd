"""Chaos: a stream of articles through the real pipeline, while everything around it is killed, cut and restarted.

`schedule`, `stream`, `histories` and `report` are pure; `newspapers`, `plant`, `traps`, `strikes` and `run` touch the
world. `make chaos` runs it.
"""
