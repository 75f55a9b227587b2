"""Values of the left sides of stabilising rules at extreme points, to 900 digits, rounded to doubles. Writes rules.json.

Run with Debian's python3-mpmath: /usr/bin/python3 test/golden/rules.py
"""
import json, pathlib
from mpmath import mp, mpf, exp, log, log1p, tanh, sinh, cosh, sqrt, e

mp.dps = 900
sigmoid = lambda x: 1 / (1 + exp(-x))
softplus = lambda x: log(1 + exp(x))
square = lambda x: x * x
relu = lambda x: max(mpf(0), x)

WIDE = [-1000, -700, -40, -1, -1e-9, 1e-9, 0.5, 40, 700, 1000]
MODERATE = [-700, -40, -1e-9, 1e-17, 0.5, 40, 700]
THREE = [(1000, 999, -1000), (-1000, -1001, -1002), (0.1, 0.2, 0.3), (1000, -1000, 0)]

# rule: (left side, points)
RULES = {
    "power of e": ("e ** x", [-700, -1, 1e-9, 3, 700]),
    "sigmoid'": ("exp(-x) / square(1 + exp(-x))", WIDE),
    "sigmoid' of growth": ("exp(x) / square(1 + exp(x))", WIDE),
    "sigmoid of decay": ("exp(-x) / (1 + exp(-x))", WIDE),
    "sigmoid of growth": ("exp(x) / (1 + exp(x))", WIDE),
    "tanh": ("(exp(x) - exp(-x)) / (exp(x) + exp(-x))", WIDE),
    "tanh of decay": ("(1 - exp(-x)) / (1 + exp(-x))", WIDE),
    "tanh of growth": ("(exp(x) - 1) / (exp(x) + 1)", WIDE),
    "sech": ("1 / (exp(x) + exp(-x))", WIDE),
    "sigmoid": ("1 / (1 + exp(-x))", WIDE),
    "sigmoid of minus": ("1 / (1 + exp(x))", WIDE),
    "sigmoid by tanh": ("(1 + tanh(x / 2)) / 2", WIDE),
    "sigmoid by tanh, spread": ("0.5 + 0.5 * tanh(x / 2)", WIDE),
    "sigmoid by product": ("exp(x) * sigmoid(-x)", WIDE),
    "sigmoid by complement": ("1 - sigmoid(-x)", WIDE),
    "tanh by sigmoid of minus": ("1 - 2 * sigmoid(-x)", WIDE),
    "tanh by sigmoid": ("2 * sigmoid(x) - 1", WIDE),
    "sinh": ("(exp(x) - exp(-x)) / 2", MODERATE),
    "sinh, spread": ("0.5 * exp(x) - 0.5 * exp(-x)", MODERATE),
    "tanh by quotient": ("sinh(x) / cosh(x)", WIDE),
    "softplus": ("log(1 + exp(x))", WIDE),
    "softplus by log1p": ("log1p(exp(x))", WIDE),
    "log of sigmoid": ("log(sigmoid(x))", WIDE),
    "log of complement": ("log(1 - sigmoid(x))", WIDE),
    "log1p of complement": ("log1p(-sigmoid(x))", WIDE),
    "softplus by max": ("max(0, x) + softplus(-abs(x))", WIDE),
    "softplus by relu": ("relu(x) + softplus(-abs(x))", WIDE),
    "softplus less x": ("softplus(x) - x", WIDE),
    "softmax": ("exp(a) / (exp(a) + exp(b) + exp(c))", THREE),
    "log-sum-exp": ("log(exp(a) + exp(b) + exp(c))", THREE),
    "log of exp": ("log(exp(a))", WIDE),
    "root of square": ("sqrt(square(x))", [-1e300, -1e-300, 1e-9, 1e200]),
    "norm": ("sqrt(square(x) + square(y))", [(3e200, 4e200), (3e-200, 4e-200), (1, 1e-9)]),
    "product of exps": ("exp(x) * exp(y)", [(800, -799), (-800, 799), (0.5, 0.25)]),
    "quotient of exps": ("exp(x) / exp(y)", [(800, 799), (-800, -799), (0.5, 0.25)]),
    "exp less one": ("exp(x) - 1", MODERATE),
    "log of one and": ("log(1 + x)", [-0.5, -1e-17, 1e-17, 1e-9, 1, 1e300]),
}


def names(point):
    return ["x"] if not isinstance(point, tuple) else ["x", "y"] if len(point) == 2 else ["a", "b", "c"]


def row(left, point):
    values = point if isinstance(point, tuple) else (point,)
    at = dict(zip(["a"] if left == "log(exp(a))" else names(point), values))
    value = eval(left, globals(), {name: mpf(number) for name, number in at.items()})
    return {"at": at, "value": float(value)}


out = [{"rule": rule, "left": left, "rows": [row(left, p) for p in points]} for rule, (left, points) in RULES.items()]
text = "[\n" + ",\n".join("  " + json.dumps(entry) for entry in out) + "\n]\n"
pathlib.Path(__file__).with_name("rules.json").write_text(text)
