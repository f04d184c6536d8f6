"""Tails and quantiles of the normal, of Student's and of the chi-squared distribution, to 1e-12 of themselves.

`scipy.special` has them too, but loads for longer than a thousand marks take from file to answer. Where very many are asked
for at once it is loaded after all.
"""

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# Calls of `math.erfc` that take less time than loading `scipy.special`.
MANY = 200_000

# Different numbers of degrees of freedom whose quantiles are searched for side by side in some 20 ms.
MANY_FREEDOMS = 150

# From so many degrees of freedom on the series in 1 / f (Abramowitz & Stegun 1972, 26.7.5) errs by less than 1e-15.
NEARLY_NORMAL = 20_000.0

# Continued fractions here take some 400 terms at most, Newton's steps in log t some ten.
MOST_TERMS, MOST_STEPS = 2_000, 60

# Lentz: what stands in for a divisor of zero.
TINY = 1e-300


def normal_below(z: Floats) -> Floats:
    """P(Z < z)."""
    if z.size > MANY:
        from scipy.special import ndtr

        return np.asarray(ndtr(z), dtype=np.float64)
    return 0.5 * _each(math.erfc, -z / math.sqrt(2))


def normal_beyond(tail: float) -> float:
    """The z with P(Z > z) = tail."""
    return -NormalDist().inv_cdf(tail)


def student_beyond(freedom: Floats, tail: float) -> Floats:
    """For each number of degrees of freedom (at least one) the t with P(T > t) = tail, for tails up to a half."""
    different, place = np.unique(freedom, return_inverse=True)
    if len(different) > MANY_FREEDOMS:
        from scipy.special import stdtrit

        return np.asarray(stdtrit(different, 1 - tail)[place], dtype=np.float64)
    found = _nearly_normal(different, normal_beyond(tail))
    few = different < NEARLY_NORMAL
    if few.any() and tail < 0.5:
        found[few] = _by_newton(different[few], found[few], math.log(tail))
    return np.asarray(found[place], dtype=np.float64)


def gamma_at(shape: Floats, tail: float) -> Floats:
    """For each shape the x with P(X < x) = tail, X of the gamma distribution: Newton's steps in log x on its power series."""
    log_x = (np.log(tail) + _each(math.lgamma, shape + 1)) / shape
    return _gamma_by_newton(shape, log_x, tail, _gamma_below)


def gamma_beyond(shape: Floats, tail: float) -> Floats:
    """For each shape the x with P(X > x) = tail, on the far side of the mean: the same on a continued fraction."""
    far = -math.log(tail)
    # Boucheron, Lugosi & Massart 2013, section 2.4: no more than the tail lies beyond this.
    return _gamma_by_newton(shape, np.log(shape + np.sqrt(2 * shape * far) + far), tail, _gamma_above)


def chi_squared_above(freedom: int, value: float) -> float:
    """P(chi-squared > value), freedom a whole number: Poisson's sum, or that of half-whole steps and a normal tail."""
    if value <= 0:
        return 1.0
    half, odd = value / 2, freedom % 2
    steps: Floats = np.arange((freedom - odd) // 2, dtype=np.float64) + odd / 2
    terms = steps * math.log(half) - half - _each(math.lgamma, steps + 1)
    # The sum is taken over its largest term, which may be far below the least double.
    most = float(terms.max(initial=-math.inf))
    of_steps = math.exp(most) * float(np.exp(terms - most).sum()) if len(terms) else 0.0
    return min(1.0, of_steps + (math.erfc(math.sqrt(half)) if odd else 0.0))


def _each(function: Callable[[float], float], values: Floats) -> Floats:
    return np.fromiter(map(function, values.ravel().tolist()), np.float64, values.size).reshape(values.shape)


def _nearly_normal(freedom: Floats, z: float) -> Floats:
    """The quantile as a series in 1 / f about the normal one."""
    s = z * z
    terms = (
        z,
        z * (s + 1) / 4,
        z * ((5 * s + 16) * s + 3) / 96,
        z * (((3 * s + 19) * s + 17) * s - 15) / 384,
        z * ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
    )
    return np.asarray(np.polynomial.polynomial.polyval(1 / freedom, terms), dtype=np.float64)


def _by_newton(freedom: Floats, start: Floats, log_tail: float) -> Floats:
    """Newton's steps in log t, in which the log of a tail is nearly a straight line where it is heavy."""
    log_t = np.log(np.maximum(start, 1e-3))
    for _ in range(MOST_STEPS):
        t = np.exp(log_t)
        tail, density = _student(freedom, t)
        move = (np.log(tail) - log_tail) * tail / (t * density)
        log_t += np.clip(move, -2, 2)
        if np.abs(move).max() < 1e-14:
            break
    return np.asarray(np.exp(log_t), dtype=np.float64)


def _student(freedom: Floats, t: Floats) -> tuple[Floats, Floats]:
    """P(T > t) = I_x(f / 2, 1 / 2) / 2 with x = f / (f + t^2), and the density at t."""
    a, squares = freedom / 2, t * t
    x, y = freedom / (freedom + squares), squares / (freedom + squares)
    front = np.exp(_log_gamma_step(a) - a * np.log1p(squares / freedom)) / math.sqrt(math.pi)
    density = front * np.sqrt(x / freedom)
    front *= np.sqrt(y)
    is_far = x < (a + 1) / (a + 2.5)
    first, second = np.where(is_far, a, 0.5), np.where(is_far, 0.5, a)
    part = front / first * _beta_fraction(first, second, np.where(is_far, x, y)) / 2
    return np.where(is_far, part, 0.5 - part), density


def _gamma_by_newton(shape: Floats, log_x: Floats, tail: float, of: Callable[[Floats, Floats], Floats]) -> Floats:
    sign = 1.0 if of is _gamma_below else -1.0
    for _ in range(MOST_STEPS):
        x = np.exp(log_x)
        ratio = of(shape, x)
        front = np.exp(shape * log_x - x - _each(math.lgamma, shape))
        # The tail is the density times x times this ratio, so its log moves by 1 / ratio.
        move = sign * (math.log(tail) - np.log(front * ratio)) * ratio
        log_x = log_x + np.clip(move, -1, 1)
        if np.abs(move).max() < 1e-14:
            break
    return np.exp(log_x)


def _gamma_below(shape: Floats, x: Floats) -> Floats:
    """P(X < x) over x times the density: sum of x^k / (a (a + 1) ... (a + k)) (Abramowitz & Stegun 6.5.29)."""
    term = 1 / shape
    found = term.copy()
    for k in range(1, MOST_TERMS):
        term = term * x / (shape + k)
        found += term
        if (term < 1e-17 * found).all():
            break
    return found


def _gamma_above(shape: Floats, x: Floats) -> Floats:
    """P(X > x) over x times the density, from its continued fraction (Abramowitz & Stegun 6.5.31) by Lentz's way."""
    b = x + 1 - shape
    c, d = np.full_like(x, 1 / TINY), 1 / b
    found = d.copy()
    for k in range(1, MOST_TERMS):
        numerator, b = -k * (k - shape), b + 2
        d = numerator * d + b
        d = 1 / np.where(np.abs(d) < TINY, TINY, d)
        c = b + numerator / np.where(np.abs(c) < TINY, TINY, c)
        found *= c * d
        if np.abs(c * d - 1).max() < 3e-16:
            break
    return found


def _log_gamma_step(a: Floats) -> Floats:
    """log Gamma(a + 1/2) - log Gamma(a): Stirling's series from 30 on, where the difference of two logs loses digits."""
    u = 1 / np.maximum(a, 30.0)
    series = 0.5 * np.log(np.maximum(a, 30.0)) - u / 8 + u**3 / 192 - u**5 / 640 + 17 * u**7 / 14336
    exact = _each(math.lgamma, np.minimum(a, 30.0) + 0.5) - _each(math.lgamma, np.minimum(a, 30.0))
    return np.where(a >= 30, series, exact)


def _beta_fraction(a: Floats, b: Floats, x: Floats) -> Floats:
    """The continued fraction of the incomplete beta function (Abramowitz & Stegun 26.5.8) by Lentz's way."""
    c, d = np.ones_like(x), 1 - (a + b) * x / (a + 1)
    d = 1 / np.where(np.abs(d) < TINY, TINY, d)
    found = d.copy()
    for m in range(1, MOST_TERMS):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            d = 1 / np.where(np.abs(d) < TINY, TINY, d)
            c = 1 + numerator / np.where(np.abs(c) < TINY, TINY, c)
            step = c * d
            found *= step
        if np.abs(step - 1).max() < 3e-16:
            break
    return found
