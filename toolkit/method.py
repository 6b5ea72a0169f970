"""The constants of the method, each once; METHOD.md says why each is what it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# The share of a goal's distance that a contribution of level 1, 2 or 3 closes, taken within the level's band
# (under 10 %, 10–30 %, over 30 %).
CONTRIBUTIONS: Mapping[int, float] = MappingProxyType({1: 0.05, 2: 0.20, 3: 0.65})

# Scores run from 1 to 5; a dimension without a target is weak below this level, "established".
WEAK_BELOW = 3.0
# A gap, a movement or a need's shortfall of less than this many points is no difference to act on.
NOTICEABLE = 0.5
# The share of organisations without a true difference that may get the word, at most: an upper bound for q.
CLEAR = 0.05
LIKELY = 0.20
# The confidence of every interval.
CONFIDENCE = 0.95
