"""Prints the coefficients of erfcScaledTail in templates/special.ts, lowest power first, and the error of the fit.

With s = 1 / x^2, R(s) = (1 / sqrt(pi) - x exp(x^2) erfc(x)) / s for x >= 1 is a quotient of polynomials of degree 11 that
meets R in Chebyshev nodes of 0 <= s <= 1.
"""

from mpmath import mp, mpf

mp.dps = 60
DEGREE = 11


def remainder(s):
    x = 1 / mp.sqrt(s)
    return (1 / mp.sqrt(mp.pi) - x * mp.exp(x * x) * mp.erfc(x)) / s


def interpolate():
    count = 2 * DEGREE + 1
    nodes = [(1 - mp.cos(mp.pi * (2 * i + 1) / (2 * count))) / 2 for i in range(count)]
    values = [remainder(s) for s in nodes]
    rows = [[s**j for j in range(DEGREE + 1)] + [-r * s**j for j in range(1, DEGREE + 1)] for s, r in zip(nodes, values)]
    solution = list(mp.lu_solve(mp.matrix(rows), mp.matrix(values)))
    return solution[: DEGREE + 1], [mpf(1), *solution[DEGREE + 1 :]]


def relative_error(top, bottom, s):
    fitted = mp.polyval(top[::-1], s) / mp.polyval(bottom[::-1], s)
    return abs(s * (fitted - remainder(s))) / (1 / mp.sqrt(mp.pi) - s * remainder(s))


top, bottom = interpolate()
print("top", *(float(c) for c in top), sep="\n  ")
print("bottom", *(float(c) for c in bottom), sep="\n  ")
print("largest relative error", mp.nstr(max(relative_error(top, bottom, mpf(i) / 500) for i in range(1, 501)), 3))
