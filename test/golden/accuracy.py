"""Writes accuracy.json: values and gradients to 50 digits, for test/accuracy.test.ts. Knows mpmath, not our code.

Run with a Python that has mpmath (apt: python3-mpmath): python3 test/golden/accuracy.py
A row is a source, the same formula for mpmath, points, and how many units in the last place the emitted code may be off. Partial
derivatives are taken by mpmath's differences with so many digits that even 1 - tanh(1000)^2 has 50 left. Where there is no derivative, or a
convention decides (a norm at 0, a tie), the row says what is expected: `given`.
"""

import json
from pathlib import Path

from mpmath import mp, mpf

DIGITS = 1400  # enough for differences of 1 - exp(-1000) and the like
mp.dps = DIGITS

exp, log, sqrt, tanh, sin, cos = mp.exp, mp.log, mp.sqrt, mp.tanh, mp.sin, mp.cos
INF = mpf("inf")
UNIT = 2.3e-16  # in the last place of 1
SATURATION = "1 - s has lost digits where s is near 1: up to a unit in the last place of 1"
SPECIAL = 60  # the gamma family needs no more, and is slow


def sigmoid(x):
    return 1 / (1 + exp(-x))


def softplus(x):
    return log(1 + exp(x))


def norm(*x):
    return sqrt(sum(each * each for each in x))


def erf(x):
    return mp.erf(x)


def row(source, names, function, points, bound=8, *, given=None, absolute=None, of_value=None, digits=DIGITS, why=None):
    """`absolute`, `of_value`: errors of gradients and of the value allowed beside `bound`, with `why`. A truth of None is not compared."""
    return dict(locals())


ROWS = [
    # The sigmoid, written out in every way.
    *[
        row(source, ["x"], sigmoid, [-1000, -700, -37, -1, 0, 0.5, 5, 37, 1000], absolute=UNIT, why=SATURATION)
        for source in ("1 / (1 + exp(-x))", "sigmoid(x)", "exp(x) / (1 + exp(x))", "(1 + tanh(x / 2)) / 2")
    ],
    row("1 / (1 + exp(x))", ["x"], lambda x: sigmoid(-x), [-1000, -5, 0, 0.5, 37, 1000], absolute=UNIT, why=SATURATION),
    *[
        row(source, ["x"], lambda x: -softplus(-x), [-1000, -37, -1, 0, 0.5, 37, 700, 1000])
        for source in ("log(sigmoid(x))", "log(1 / (1 + exp(-x)))", "-log(1 + exp(-x))", "logSigmoid(x)")
    ],
    row("log(1 - sigmoid(x))", ["x"], lambda x: -softplus(x), [-1000, -37, -1, 0, 0.5, 37, 1000]),
    row("log(1 - 1 / (1 + exp(-x)))", ["x"], lambda x: -softplus(x), [-1000, -37, 0.5, 37, 1000]),
    *[
        row(source, ["x"], softplus, [-800, -700, -37, -1, 0, 0.5, 37, 800])
        for source in ("log(1 + exp(x))", "softplus(x)", "log1p(exp(x))")
    ],
    # Losses.
    *[
        row(
            source,
            ["a", "b", "c"],
            lambda a, b, c: log(exp(a) + exp(b) + exp(c)) - a,
            [(0.1, 0.2, 0.3), (1000, 0, -1000), (-1000, 0, 1000), (1000, 1001, 999), (-1e3, -1e3, -1e3), (0.5, 3, -2)],
            of_value=1.2e-13,
            why="the value is a difference of numbers near 1000: a unit in their last place",
        )
        for source in ("-log(exp(a) / (exp(a) + exp(b) + exp(c)))", "log(exp(a) + exp(b) + exp(c)) - a")
    ],
    row("log(exp(a) + exp(b))", ["a", "b"], lambda a, b: log(exp(a) + exp(b)), [(0.5, 0.25), (1000, 999), (-1000, -1001), (1e3, -1e3)]),
    row(
        "-(t * log(sigmoid(z)) + (1 - t) * log(1 - sigmoid(z)))",
        ["t", "z"],
        lambda t, z: t * softplus(-z) + (1 - t) * softplus(z),
        [(0.25, 0.5), (0.25, 1000), (0.25, -1000), (1, -2), (0, -5)],
        16,
    ),
    row("p * log(p / q)", ["p", "q"], lambda p, q: p * log(p / q), [(0.25, 0.5), (1e-300, 0.5), (0.75, 0.125)]),
    row("(y - sigmoid(w*x + b))^2", ["y", "w", "x", "b"], lambda y, w, x, b: (y - sigmoid(w * x + b)) ** 2, [(1, 0.5, 2, -0.25)], 16),
    row(
        "(x + sigmoid(y)) / (sigmoid(x) + (x + y)^2)",
        ["x", "y"],
        lambda x, y: (x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2),
        [(3, -4), (0.5, 0.25), (-1, 2), (-1000, 900)],
        16,
    ),
    # Norms: 0 at 0, and no overflow.
    *[
        row(
            source,
            ["x", "y"],
            norm,
            [(3, 4), (0, 0), (1e200, 1e200), (1e-200, 2e-200), (-3e-160, 4e160), (0, -2)],
            given={(0, 0): dict(value=0, x=0, y=0)},
        )
        for source in ("sqrt(x^2 + y^2)", "hypot(x, y)", "sqrt(x*x + y*y)", "(x^2 + y^2)^0.5")
    ],
    row("sqrt(x^2 + y^2 + z^2)", ["x", "y", "z"], norm, [(1, 2, 2), (0, 0, 0), (1e200, 0, -1e200)], given={(0, 0, 0): dict(value=0, x=0, y=0, z=0)}),
    row("sqrt(x^2)", ["x"], lambda x: abs(x), [-3, 0, 2, 1e200], given={(0,): dict(value=0, x=0)}),
    row("abs(x) * x", ["x"], lambda x: abs(x) * x, [-3, 0, 2], given={(0,): dict(value=0, x=0)}),
    # Branches not taken.
    row("x > 0 ? sqrt(x) : 0", ["x"], lambda x: sqrt(x), [-1, 0, 4, 1e-300], given={(-1,): dict(value=0, x=0), (0,): dict(value=0, x=0)}),
    row(
        "x > 0 ? (x > 1 ? log(x - 1) : sqrt(x)) : 0",
        ["x"],
        lambda x: log(x - 1) if x > 2 else sqrt(x),
        [-1, 0, 0.25, 1, 3.5],
        given={(-1,): dict(value=0, x=0), (0,): dict(value=0, x=0), (1,): dict(value=1, x=0.5)},
    ),
    row(
        "x > 0 ? log(x) / x : 1 / (x - 1)",
        ["x"],
        lambda x: log(x) / x if x > 0 else 1 / (x - 1),
        [-2, 0, 0.5, 1e-200],
        given={(0,): dict(value=-1, x=-1)},
    ),
    row(
        "abs(x) < 1 ? asin(x) * sqrt(1 - x^2) : x^3",
        ["x"],
        lambda x: mp.asin(x) * sqrt(1 - x * x) if abs(x) < 1 else x**3,
        [-2, 0.25, 1.5],
    ),
    row("max(x, 0) * sqrt(max(x, 0))", ["x"], lambda x: x * sqrt(x), [4, 2.5]),
    # Powers at their edges.
    row("x^2", ["x"], lambda x: x**2, [0, -3, 1e-200, 1e150]),
    row("x^3", ["x"], lambda x: x**3, [-2, 0, 0.1]),
    row("x^7", ["x"], lambda x: x**7, [-2, 0, 0.1]),
    row("x^0.5", ["x"], sqrt, [0, 2, 1e-300], given={(0,): dict(value=0, x=INF)}),
    row("x^1.5", ["x"], lambda x: x ** mpf(1.5), [0.1, 2, 1e-100]),
    row("x^-2", ["x"], lambda x: x**-2, [-2, 0.1, 1e50]),
    row(
        "x^y",
        ["x", "y"],
        lambda x, y: x**y,
        [(2, 3), (0, 2), (2, 0), (1, 0.5), (0.1, -1.5), (-2, 3), (0, 0)],
        given={
            (0, 2): dict(value=0, x=0, y=0),
            (-2, 3): dict(value=-8, x=12, y=None),
            (0, 0): dict(value=1, x=0, y=None),
        },
    ),
    row("cbrt(x)", ["x"], lambda x: mp.sign(x) * mp.cbrt(abs(x)), [-8, 0.1, 27], given={(-8,): dict(value=-2, x=mpf(1) / 12)}),
    # Small arguments.
    row("log1p(x)", ["x"], mp.log1p, [1e-20, -1e-20, 0, -0.5, 3]),
    row("log(1 + x)", ["x"], mp.log1p, [1e-20, -1e-20, 0, -0.5, 3]),
    row("expm1(x)", ["x"], mp.expm1, [1e-20, -1e-10, 0, 1, -40]),
    row("exp(x) - 1", ["x"], mp.expm1, [1e-20, -1e-10, 0, 1, -40]),
    row("x * log(x)", ["x"], lambda x: x * log(x), [1e-300, 1e-20, 0.5, 7]),
    row("x * sin(x)", ["x"], lambda x: x * sin(x), [1e-20, 0.5, -2]),
    row("(exp(x) - exp(-x)) / 2", ["x"], mp.sinh, [1e-20, 0.5, -5, 700]),
    row("(exp(x) - exp(-x)) / (exp(x) + exp(-x))", ["x"], tanh, [1e-20, 0.25, -0.5, 1000]),
    row("tanh(x)", ["x"], tanh, [1e-20, -0.25, 0.5, 20, -20, 1000], absolute=UNIT, why="1 - tanh(x)^2, likewise"),
    # The rest of the table, at ordinary points.
    row("sin(x)", ["x"], sin, [0.5, -2, 100]),
    row("cos(x)", ["x"], cos, [0.5, -2, 100]),
    row("tan(x)", ["x"], mp.tan, [0.5, -1, 4]),
    row("asin(x)", ["x"], mp.asin, [0.5, -0.9, 1e-20]),
    row("acos(x)", ["x"], mp.acos, [0.5, -0.9, 0]),
    row("atan(x)", ["x"], mp.atan, [0.5, -2, 1e100]),
    row("atan2(y, x)", ["y", "x"], mp.atan2, [(1, 2), (-3, -4), (1e-150, 1e-150), (2, 0), (1e150, 3e150)]),
    row("sinh(x)", ["x"], mp.sinh, [0.5, -2, 700]),
    row("cosh(x)", ["x"], mp.cosh, [0.5, -2, 700]),
    row("asinh(x)", ["x"], mp.asinh, [0.5, -2, 1e-20, 1e100, 1e200]),
    row("acosh(x)", ["x"], mp.acosh, [1.5, 3, 1e100]),
    row("atanh(x)", ["x"], mp.atanh, [0.5, -0.9, 1e-20]),
    row("sech(x)", ["x"], mp.sech, [0.5, -2, 700]),
    row("log2(x)", ["x"], lambda x: log(x) / log(2), [0.1, 3, 1e300]),
    row("log10(x)", ["x"], lambda x: log(x) / log(10), [0.1, 3, 1e300]),
    row("log(x, 3)", ["x"], lambda x: log(x) / log(3), [0.1, 2, 1e300]),
    row("erf(x)", ["x"], erf, [0.5, -2, 1e-20], digits=SPECIAL),
    row("gelu(x)", ["x"], lambda x: x * (1 + erf(x / sqrt(2))) / 2, [0.5, 2, -0.25], 16, digits=SPECIAL),
    row("silu(x)", ["x"], lambda x: x * sigmoid(x), [0.5, 20, -0.5, 1000], absolute=UNIT, why=SATURATION),
    row("mish(x)", ["x"], lambda x: x * tanh(softplus(x)), [0.5, 2, -0.25], 16),
    row("elu(x)", ["x"], lambda x: x if x > 0 else mp.expm1(x), [0.5, -0.5, -1e-20, -800]),
    row("gamma(x)", ["x"], mp.gamma, [0.5, 3.7, 20.5, 150.25], 64, digits=SPECIAL, why="digamma(x) * gamma(x), each a few units off"),
    row("lgamma(x)", ["x"], mp.loggamma, [0.5, 3.7, 100.5, 1e10], 16, digits=SPECIAL),
    row("digamma(x)", ["x"], mp.digamma, [0.5, 3.7, 100.5], 16, digits=SPECIAL),
    row("exp(-x^2 / 2) / sqrt(2 * pi)", ["x"], lambda x: exp(-x * x / 2) / sqrt(2 * mp.pi), [0.5, -2, 3], 16),
    row("1 / (1 + 25 * x^2)", ["x"], lambda x: 1 / (1 + 25 * x * x), [0.5, -2, 1e-20]),
    row("log(x / y)", ["x", "y"], lambda x, y: log(x / y), [(0.3, 0.7), (1e150, 1e-100)]),
    row("2 * (x*y + max(z, w))", ["x", "y", "z", "w"], lambda x, y, z, w: 2 * (x * y + max(z, w)), [(3, -4, 2, -1)]),
    row("max(x, y)", ["x", "y"], lambda x, y: max(x, y), [(2, 2), (3, 1)], given={(2, 2): dict(value=2, x=1, y=1)}),
    row("relu(x) * 3", ["x"], lambda x: 3 * x if x > 0 else mpf(0), [0, 2, -2], given={(0,): dict(value=0, x=0)}),
]


def text(value):
    if value is None:
        return None
    value = mpf(value)
    if mp.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return mp.nstr(value, 17, strip_zeros=True, min_fixed=-5, max_fixed=17)


def differentiate(function, at, index):
    order = tuple(int(position == index) for position in range(len(at)))
    return mp.diff(function, at, order) if len(at) > 1 else mp.diff(function, at[0])


def truth(entry, point):
    key = point if isinstance(point, tuple) else (point,)
    mp.dps = entry["digits"]
    at = tuple(mpf(float(each)) for each in key)
    given = (entry["given"] or {}).get(key)
    if not given:
        given = {"value": entry["function"](*at)}
        given.update((name, differentiate(entry["function"], at, index)) for index, name in enumerate(entry["names"]))
    return {
        "at": [float(each) for each in key],
        "value": text(given["value"]),
        "gradient": [text(given[name]) for name in entry["names"]],
    }


def golden(entry):
    extras = {name: entry[name] for name in ("absolute", "of_value", "why") if entry[name] is not None}
    head = {"source": entry["source"], "inputs": entry["names"], "bound": entry["bound"], **extras}
    points = ",\n".join(f"      {json.dumps(truth(entry, point))}" for point in entry["points"])
    return "    {\n" + "".join(f'      "{name}": {json.dumps(value)},\n' for name, value in head.items()) + f'      "points": [\n{points}\n      ]\n    }}'.replace("\n      {", "\n        {")


text_of_rows = ",\n".join(golden(entry) for entry in ROWS)
Path(__file__).with_name("accuracy.json").write_text('{\n  "rows": [\n' + text_of_rows + "\n  ]\n}\n")
