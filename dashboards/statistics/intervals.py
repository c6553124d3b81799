"""How surely a share is known: Wilson's score interval.

E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
American Statistical Association 22 (1927), 209-212. Unlike the usual p ± 1.96 s it stays between
0 and 1 and says something sensible of three out of three.
"""

from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

_NORMAL = NormalDist()


class Interval(NamedTuple):
    low: float
    high: float


def wilson(number: int, total: int, confidence: float = 0.95) -> Interval:
    """The shares that ``number`` out of ``total`` is a likely outcome of; of nothing, any share."""
    if total <= 0:
        return Interval(0.0, 1.0)
    z = _NORMAL.inv_cdf((1 + confidence) / 2)
    share = number / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    # Rounding must not put 0 out of 10, or 10 out of 10, outside of its own interval.
    return Interval(max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))
