"""How far off a forecast of the simulated series has to be: that of one who knows how they are made.

It knows the level of today, the calendar, and how probable everything is, but not what chance has yet to draw: how the level
drifts, how the days scatter, when bursts, steps, lulls and starts come, and how long a lull goes on. Its forecast is the total with
the least mean error among many ways the month may go on.
"""

import numpy as np

import forecast_series as made

DRAWS = 400


def expected(kind, number, seed, use, start, end, day, random):
    """The best total for a month, `start` to `end`, after so many of its days; nil where nothing can be used."""
    cut = start + day
    level, shape, events = made.course(kind, number, np.random.default_rng([seed, made.KINDS.index(kind), number]))
    ahead = np.array([factors(kind, events, cut, random)[cut:end] for _ in range(DRAWS)])
    drift = 1 if kind == "tiny" else np.exp(np.cumsum(random.normal(0, made.DRIFT, ahead.shape), axis=1))
    levels = level[cut - 1] * drift
    to_come = levels * shape[cut:end] * ahead
    if kind == "burst":
        to_come = to_come + (random.random(ahead.shape) < made.BURSTS) * levels * random.uniform(*made.BURST, ahead.shape)
    totals = use[start:cut].sum() + made.counted(kind, to_come, random).sum(axis=1)
    return least_error(totals[totals > 0])


def factors(kind, events, cut, random):
    """What the days are multiplied with by what has happened, and by what may happen yet."""
    begun = [event for event in events if event[0] < cut]
    if kind == "start" and events[0][1] > cut:
        begun = [(0, random.integers(max(cut, made.STARTS[0]), max(cut + 1, made.STARTS[1])), 0)]
    if kind == "step":
        first = max(cut, made.STEP_DAYS[0])
        days = random.choice(np.arange(first, made.STEP_DAYS[1]), len(events) - len(begun), replace=False) \
            if first < made.STEP_DAYS[1] else []
        begun += [(day, made.DAYS, random.choice(made.STEPS)) for day in days]
    if kind == "stop and go":
        begun = lulls(begun, cut, random)
    return made.happened(events if kind == "holidays" else begun)


def lulls(begun, cut, random):
    """Those that have begun, the last with a length that it may have, and those that follow."""
    begun = list(begun)
    if begun and begun[-1][0] + begun[-1][1] > cut:
        first = begun[-1][0]
        begun[-1] = (first, random.integers(max(made.LULLS[0], cut - first + 1), made.LULLS[1]), 0)
    end = begun[-1][0] + begun[-1][1] if begun else 0
    least = max(made.BETWEEN_LULLS[0] if begun else 20, cut - end)
    next_day = end + int(random.integers(least, max(made.BETWEEN_LULLS[1] if begun else 60, least + 1)))
    while next_day < made.DAYS:
        length = int(random.integers(*made.LULLS))
        begun.append((next_day, length, 0))
        next_day += length + int(random.integers(*made.BETWEEN_LULLS))
    return begun


def least_error(totals):
    """The value whose error as a part of the totals is the least: their median, each weighted by its inverse."""
    if not len(totals):
        return 0
    totals = np.sort(totals)
    weights = np.cumsum(1 / totals)
    return float(totals[np.searchsorted(weights, weights[-1] / 2)])
