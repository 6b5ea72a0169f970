"""The method's own numbers: each constant of the method once, named as the field names it."""

from __future__ import annotations

# Scores run from 1 to 5; a dimension without a target is weak below this level, "established".
WEAK_BELOW = 3.0
# A gap, a movement or a need's shortfall of less than this many points is no difference to act on.
NOTICEABLE = 0.5
# The share of organisations without a true difference that may get the word, at most: an upper bound for q.
CLEAR = 0.05
LIKELY = 0.20
# The confidence of every interval.
CONFIDENCE = 0.95
