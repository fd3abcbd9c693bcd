"""Ingest: newspapers → stored articles.

The way of an entry, in reading order: `catalogue` (which feeds) → `fetch` (URL → bytes) → `charsets`, `markup`,
`parse`, `dates`, `urls` (bytes → entries) → `store` (entries → rows) → `body` (article page → full text), with
`schedule` deciding when to look again and `tasks` tying them together.
"""
