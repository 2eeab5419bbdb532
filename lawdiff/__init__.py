"""Amendment tracker and diff engine for the law of Kazakhstan.

Pages of the legal information system «Әділет» go in as bytes and come out as article versions, word-level
changes and the law behind each change. `lawdiff.model` holds the records, `lawdiff.cli` the commands.
"""

__version__ = "0.1.0"
