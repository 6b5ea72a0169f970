"""The constants of the method, each once; METHOD.md says why each is what it is."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# The share of a goal's distance that a contribution of level 1, 2 or 3 closes, taken within the level's band
# (under 10 %, 10–30 %, over 30 %).
CONTRIBUTIONS: Mapping[int, float] = MappingProxyType({1: 0.05, 2: 0.20, 3: 0.65})
