"""The published database: writing it and asking it. Only here and in `lawdiff.schema` do tables have names."""

from lawdiff.store.connection import open_database, reading

__all__ = ["open_database", "reading"]
