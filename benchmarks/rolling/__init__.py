"""A rolling restart: workers of two releases side by side while articles flow, each stopped with work in its hands.

`make rolling OLD=COMMIT` runs it with an older release; a test runs it with this one in both places.
"""
