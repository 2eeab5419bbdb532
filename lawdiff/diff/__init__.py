"""What differs between two versions of a unit: by line (moves found), then by word; never inside a word.

tokens(text)                       words, numbers, dates, references, white space; joined they are the text
diff_lines(old, new, …)            an ArticleDiff; `.to_json()` is the stored form (docs/diff-format.md)
apply(old_text, diff_json)         the new text; apply_heading likewise
word_ops(old, new)                 the word ops between two lines
"""

from lawdiff.diff.article import ArticleDiff, LineOp, apply, apply_heading, diff_lines, read
from lawdiff.diff.tokens import count_words, tokens
from lawdiff.diff.words import WordOp, word_ops

__all__ = [
    "ArticleDiff",
    "LineOp",
    "WordOp",
    "apply",
    "apply_heading",
    "count_words",
    "diff_lines",
    "read",
    "tokens",
    "word_ops",
]
