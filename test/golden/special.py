"""Writes special.json: true values of the special functions, for test/templates/special.test.ts. Knows mpmath, not our code.

Run with a Python that has mpmath (apt: python3-mpmath): python3 test/golden/special.py
Rows are [x, truth], for polygamma [n, x, truth]. Truth is a decimal string of 17 significant digits, rounded from 50;
for factorial the shortest string of the nearest double, since rounding twice may miss that.
"""

import json
import math
import random
from pathlib import Path

from mpmath import mp, mpf

mp.dps = 50
draw = random.Random(1964)


def uniform(low, high, count):
    return [round(draw.uniform(low, high), 9) for _ in range(count)]


def spread(low, high, count):
    """Points whose logarithms are uniform."""
    return [float(f"{math.exp(draw.uniform(math.log(low), math.log(high))):.9e}") for _ in range(count)]


def around(center, count):
    return [center + draw.choice((1, -1)) * distance for distance in spread(1e-13, 0.1, count)]


def log_abs_gamma(x):
    return mp.loggamma(x) if x > 0 else mp.log(abs(mp.gamma(x)))


def truth(value):
    return mp.nstr(value, 17, strip_zeros=True)


def table(function, points):
    return [[x, truth(function(mpf(x)))] for x in sorted(points)]


DIGAMMA_ROOT = 1.4616321449683622
RANGE_ENDS = [2.2250738585072014e-308, 1e-300, 1e-20]

golden = {
    "erf": table(
        mp.erf,
        [-5e-324, 5e-324, 0.46875, 0.469, 5.9, 6.5, *RANGE_ENDS, *spread(1e-12, 0.4, 15), *uniform(-1, 1, 40), *uniform(-6, 6, 40)],
    ),
    "erfc": table(
        mp.erfc,
        [0.46875, 0.469, 1, 26, 26.5, 27, 27.2, *RANGE_ENDS, *uniform(-6, 0, 20), *uniform(0, 1, 40), *uniform(1, 5, 30), *uniform(5, 27, 40)],
    ),
    "factorial": [[n, repr(float(math.factorial(n)))] for n in range(171)],
    "gamma": table(
        mp.gamma,
        [-183.5, -177.5, -170.5, -1e-20, 0.5, 171.5, 171.62, *RANGE_ENDS[1:], *uniform(0, 8, 50), *uniform(8, 171, 40), *uniform(-8, 0, 40), *uniform(-180, -8, 50)],
    ),
    "lgamma": table(
        log_abs_gamma,
        [-1e-20, 0.68, 1.5, 4, 8, 1e17, 1e300, 2.5e305, *RANGE_ENDS, *around(1, 20), *around(2, 20), *uniform(0, 9, 50), *spread(8, 1e20, 20), *uniform(-25, 0, 40), *uniform(-400, -20, 20)],
    ),
    "digamma": table(
        mp.digamma,
        [-1e-20, 0.5, 1, 2, 3, 1e300, DIGAMMA_ROOT, *RANGE_ENDS[1:], *around(DIGAMMA_ROOT, 20), *uniform(0, 4, 50), *spread(3, 1e20, 20), *uniform(-20, 0, 40), *uniform(-1000, -20, 10)],
    ),
    "polygamma": [
        [n, *row]
        for n in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 25, 60)
        for row in table(
            lambda x: mp.polygamma(n, x),
            [*uniform(0.05, 4, 6), *uniform(4, 40, 8), *spread(40, 1e4, 2), *uniform(31, 32, 2), *uniform(60, 64, 3), *uniform(-6, -0.05, 6), *uniform(-40, -6, 2)],
        )
    ],
}


def lines(name, rows):
    return f'  "{name}": [\n' + ",\n".join(f"    {json.dumps(row)}" for row in rows) + "\n  ]"


text = "{\n" + ",\n".join(lines(name, rows) for name, rows in golden.items()) + "\n}\n"
Path(__file__).with_name("special.json").write_text(text)
