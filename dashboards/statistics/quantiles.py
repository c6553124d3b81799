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
    strands = _strands(cloud, stride)
    points = [mean + deviation * at for mean, deviation, _ in strands for at in _FIVE]
    weights = [weight / len(_FIVE) for _, _, weight in strands]
    order = sorted(range(len(points)), key=points.__getitem__)  # of pairs it takes four times that
    found: list[float] = []
    reached, sought = 0.0, probabilities[0]
    for at in order:
        reached += weights[at // len(_FIVE)]
        if reached < sought:
            continue
        found += [points[at] for each in probabilities[len(found) :] if reached >= each]
        if len(found) == len(probabilities):
            break
        sought = probabilities[len(found)]
    found += [points[order[-1]]] * (len(probabilities) - len(found))
    return [round(min(max(number, cloud.migrated), cloud.total)) for number in found]
