#!/usr/bin/env python3
"""Measures how far forecasts are off, how often their range holds, and what the rule tells; `make bench-forecast` calls it.

The product's own code replays each series reading by reading (`Benchmarks series`). It is compared with an even pace, a
seasonal naive forecast (each day as a week before), and AutoETS and AutoTheta of statsforecast. The constants of the method
were chosen with seed 1 and every second real series; what is printed is of another seed and of the other half.

usage: bench-forecast.py BENCHMARKS_BINARY [--seed N] [--tuned] [--peers] [--floor]
"""

import argparse
import collections
import datetime
import statistics
import subprocess
import time
import warnings

import numpy as np

import forecast_floor
import forecast_series

CUTS = [3, 5, 10, 15, 20, 25]
WATCHED = 2  # the first months are only watched
PEER_CUTS = [10, 20]
EACH = 8  # series of each simulated kind


class Month:
    """A whole month of a series."""

    def __init__(self, kind, name, use, start, end):
        self.kind, self.name, self.use, self.start, self.end = kind, name, use, start, end
        self.total = int(use[start:end].sum())

    def used(self, day):
        return int(self.use[self.start:self.start + day].sum())


def months_of(series):
    """The months that are scored, by the name of the series and of the month."""
    found = {}
    for number, (kind, first, _, use) in enumerate(series):
        days = [first + datetime.timedelta(day) for day in range(len(use) + 1)]
        starts = [index for index, day in enumerate(days) if day.day == 1]
        for start, end in list(zip(starts, starts[1:]))[WATCHED:]:
            name = f"{kind}#{number}"
            found[name, f"{days[start]:%Y-%m}"] = Month(kind, name, use, start, end)
    return found


def replayed(binary, series):
    """The lines that the product prints of the series, by their first letter."""
    lines = "".join(
        f"{kind}#{number}\t{first}\t{polling}\t{' '.join(map(str, use))}\n"
        for number, (kind, first, polling, use) in enumerate(series))
    output = subprocess.run([binary, "series"], input=lines, stdout=subprocess.PIPE, text=True, check=True).stdout
    found = collections.defaultdict(list)
    for line in output.splitlines():
        letter, name, month, *figures = line.split("\t")
        found[letter].append((name, month, *map(float, figures)))
    return found


def error(expected, total):
    """As a part of the month; three months at most."""
    return min(abs(expected - total) / total, 3)


def projections(lines, months):
    """By kind: the error, whether the range holds, its width and its pinball loss."""
    scores = collections.defaultdict(list)
    for name, month, day, _, total, _, expected, low, high in lines:
        if (name, month) not in months or day not in CUTS or total <= 0:
            continue
        pinball = max(0.1 * (total - low), 0.9 * (low - total)) + max(0.9 * (total - high), 0.1 * (high - total))
        scores[months[name, month].kind].append(
            (error(expected, total), low <= total <= high, (high - low) / total, min(pinball / total, 3)))
    return scores


def even(month, day):
    return month.used(day) * (month.end - month.start) / day


def seasonal_naive(month, day):
    """Each day as it was a week before."""
    known = list(month.use[:month.start + day])
    while len(known) < month.end:
        known.append(known[-7])
    return sum(known[month.start:])


def statistical(model):
    def expected(month, day):
        known = month.use[:month.start + day].astype(float)
        ahead = month.end - month.start - day
        return month.used(day) + max(model.forecast(y=known, h=ahead)["mean"].sum(), 0)

    return expected


def alarms(lines, months):
    """What the rule told of each month that was not passed within the first days, against what came."""
    caught = missed = false = silent = again = 0
    leads = []
    for name, month, quota, total, fired, passed, firings in lines:
        if (name, month) not in months or 0 < passed <= 4:
            continue
        again += firings > 1
        if total < quota:
            false, silent = false + (fired > 0), silent + (fired == 0)
        elif fired:
            caught += 1
            leads.append((passed or months[name, month].end - months[name, month].start + 1) - fired)
        else:
            missed += 1
    told = max(caught + false, 1)
    return {
        "precision": caught / told, "recall": caught / max(caught + missed, 1), "lead": statistics.mean(leads or [0]),
        "false": false / max(false + silent, 1), "again": again / told,
    }


def brier(lines, months):
    return statistics.mean(
        (probability - (total >= quota)) ** 2
        for name, month, _, quota, total, probability in lines if (name, month) in months)


def percent(values):
    return f"{100 * statistics.mean(values):.1f} %"


def report(title, binary, series, peers):
    months = months_of(series)
    lines = replayed(binary, series)
    scores = projections(lines["F"], months)
    every = [score for kind in scores.values() for score in kind]
    print(f"\n{title}: {len(series)} series, {len(months)} months, after days {', '.join(map(str, CUTS))}")
    print(
        f"  error {percent([score[0] for score in every])}, range holds {percent([score[1] for score in every])}, "
        f"width {percent([score[2] for score in every])}, pinball {percent([score[3] for score in every])}")
    for name, method in (("even pace", even), ("seasonal naive", seasonal_naive)):
        errors = [error(method(month, day), month.total) for month in months.values() if month.total for day in CUTS]
        print(f"  {name}: error {percent(errors)}")
    for kind, of_kind in scores.items():
        print(f"    {kind}: error {percent([s[0] for s in of_kind])}, holds {percent([s[1] for s in of_kind])}")
    told = alarms(lines["A"], months)
    print(
        f"  alarm: precision {told['precision']:.3f}, recall {told['recall']:.3f}, {told['lead']:.1f} days ahead, "
        f"told falsely in {100 * told['false']:.1f} % of the months that stay below, more than once "
        f"{100 * told['again']:.1f} %, Brier score {brier(lines['P'], months):.4f}")
    if peers:
        against_peers(lines["F"], months)


def against_peers(lines, months):
    """Every second month, after two of the days: each peer fits a model to each of them."""
    from statsforecast.models import AutoETS, AutoTheta

    chosen = {key: month for index, (key, month) in enumerate(months.items()) if index % 2 == 0 and month.total}
    own = [error(line[6], line[4]) for line in lines if line[:2] in chosen and line[2] in PEER_CUTS]
    print(f"  after days {PEER_CUTS} of every second month: error {percent(own)}")
    for model in (AutoETS(season_length=7), AutoTheta(season_length=7)):
        expected = statistical(model)
        start = time.process_time()
        errors = [error(expected(month, day), month.total) for month in chosen.values() for day in PEER_CUTS]
        each = (time.process_time() - start) / len(errors)
        print(f"    {type(model).__name__}: error {percent(errors)}, {1_000 * each:.1f} ms CPU each")


def floor(series, seed):
    """What nobody who has not seen the future is below."""
    random = np.random.default_rng([seed, len(series)])
    scores = collections.defaultdict(list)
    for (name, _), month in months_of(series).items():
        number = int(name.split("#")[1]) % EACH
        for day in CUTS:
            if month.total:
                best = forecast_floor.expected(
                    month.kind, number, seed, month.use, month.start, month.end, day, random)
                scores[month.kind].append(error(best, month.total))
    print(f"\nWho knows how the series are made: error {percent([score for kind in scores.values() for score in kind])}")
    for kind, errors in scores.items():
        print(f"    {kind}: error {percent(errors)}")


def first_days(binary, series):
    """What the first days of a month are off, of organizations that are watched from its beginning on."""
    for polling, words in (("fresh", "nothing before"), ("backfilled", "the months before filled in")):
        lines = replayed(binary, [(kind, first, polling, use) for kind, first, _, use in series])["F"]
        by_day = {
            day: percent([error(line[6], line[4]) for line in lines if line[2] == day and line[4] > 0])
            for day in (3, 5, 10)
        }
        print(f"  {words}: " + ", ".join(f"day {day} {figure}" for day, figure in by_day.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--tuned", action="store_true", help="score what the method was tuned with")
    parser.add_argument("--peers", action="store_true", help="fit AutoETS and AutoTheta, which takes minutes")
    parser.add_argument("--floor", action="store_true", help="score who knows how the series are made, which takes minutes")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    seed = 1 if options.tuned else options.seed
    simulated = forecast_series.simulated(seed, EACH)
    real = forecast_series.real()[0 if options.tuned else 1::2]
    for title, series in (("Simulated", simulated), ("Real", real)):
        report(title, options.binary, series, options.peers)
        first_days(options.binary, series)
    if options.floor:
        floor(simulated, seed)


if __name__ == "__main__":
    main()
