"""What the weighed paces foretell together: how probable a number is, how far they spread."""

from collections.abc import Sequence
from math import erf, exp, hypot, sqrt
from typing import NamedTuple

from dashboards.statistics.pace import Pair

# The pace to come differs from that of late by factors that are lognormal with a spread of
# sqrt(LEAST_SPREAD² + (UNREST_COUNTS · unrest of the weeks so far)²). Both numbers are those with
# which the interval held in the back-tests; see docs/decisions/0006-forecast.md.
LEAST_SPREAD = 0.15
UNREST_COUNTS = 2.0
_FIVE = (-1.2816, -0.5244, 0.0, 0.5244, 1.2816)


class Cloud(NamedTuple):
    """Where things stand, and the pairs they may go on by."""

    migrated: int
    total: int
    pairs: Sequence[Pair]
    unrest: float

    @property
    def pace_factors(self) -> tuple[float, ...]:
        """Five equally probable ones."""
        spread = hypot(LEAST_SPREAD, UNREST_COUNTS * self.unrest)
        return tuple(exp(spread * point) for point in _FIVE)


def _strands(cloud: Cloud, stride: float) -> list[tuple[float, float, float]]:
    """Mean, standard deviation and weight of each way to go on, after so many ordinary days."""
    strands = []
    factors = cloud.pace_factors
    for coming, chance, weight, scatter in cloud.pairs:
        for factor in factors:
            come = 1 - (1 - min(chance * factor, 0.95)) ** stride
            mean = coming * come
            deviation = sqrt(max(scatter * mean * (1 - come), 0.25))
            strands.append((cloud.migrated + mean, deviation, weight / len(factors)))
    return strands


def share_reached(cloud: Cloud, stride: float, goal: int) -> float:
    """How probable it is that ``goal`` is reached after so many ordinary days."""
    probable = 0.0
    for mean, deviation, weight in _strands(cloud, stride):
        probable += weight * 0.5 * (1 + erf((mean - goal + 0.5) / deviation / sqrt(2)))
    return probable


def spread_at(cloud: Cloud, stride: float, probabilities: Sequence[float]) -> list[int]:
    """The numbers that are not exceeded with the given probabilities, which ascend."""
    points = sorted(
        (min(max(mean + deviation * at, cloud.migrated), cloud.total), weight / len(_FIVE))
        for mean, deviation, weight in _strands(cloud, stride)
        for at in _FIVE
    )
    found: list[int] = []
    reached = 0.0
    for number, weight in points:
        reached += weight
        while len(found) < len(probabilities) and reached >= probabilities[len(found)]:
            found.append(round(number))
    return found + [round(points[-1][0])] * (len(probabilities) - len(found))
