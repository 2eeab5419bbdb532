"""Editorial notes of the portal read into claims, in Russian and Kazakh (docs/notes.md).

`classify_note` says what a note is about, `is_normative` whether «Ескерту.» or «Примечание.» is law after all, and
`read_note` which law did what to which unit and from when. All are pure, and none raises on any text.
"""

from lawdiff.notes.kinds import classify_note, is_normative
from lawdiff.notes.reading import read_note

__all__ = ["classify_note", "is_normative", "read_note"]
