"""A county in every key: ten counties, ten million visits, today's tables beside the same rows spread by county (README.md).

load.sql fills today's tables, by_county.sql spreads them, fanned.sql puts each county behind a connection of its own, promises.sql shows
what a key without the county can no longer promise; questions.toml is what the hot paths ask, __main__.py asks it.
"""
