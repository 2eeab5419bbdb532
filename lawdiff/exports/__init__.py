"""Exports of the database, each a stream that is the same byte for byte for the same database."""
