"""Solves and inverts positive definite matrices in two threads, block by block, with the LAPACK that SciPy carries.

SciPy's own wrappers hold the interpreter's lock; its C interface (`cython_blas`, `cython_lapack`) does not. Symbols: L is the
Cholesky factor, A = LL'; T = L^-1; a matrix is cut into [[upper, .], [across, lower]].
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cython_blas, cython_lapack, solve_triangular

from honestrank.linear.threads import side_by_side

Floats = NDArray[np.float64]

# Up to this many rows one thread does it: a factor of 400 rows takes about a millisecond, and starting a thread,
# which halves would need twice, 0.05 to 0.1.
UNDIVIDED = 400

# Up to this many rows one call does it. Above, halves are quicker: LAPACK divides and inverts triangles at a third of
# the speed of its product of matrices, and halving turns most of the work into products (decision 0018).
IN_ONE_CALL = 128


class Factor:
    """The Cholesky factor L of a positive definite matrix, and what follows from it. Raises numpy's LinAlgError otherwise.

    `system` n x n in Fortran order; its lower triangle is read and written, by 2 x 2 blocks (Golub & Van Loan 2013,
    section 4.2.9). The blocks depend on n alone, and so do the digits. `pivots` are log squared.
    """

    def __init__(self, system: Floats) -> None:
        assert system.flags.f_contiguous
        assert system.dtype == np.float64
        self._whole = _Block(system, 0, 0, len(system), len(system))
        if not _factor(self._whole):
            raise np.linalg.LinAlgError("not positive definite")
        self.pivots = 2 * np.log(np.diag(system))

    def solve(self, right: Floats) -> Floats:
        """The solution; not after `invert`."""
        whole, solution = self._whole, np.array(right, dtype=np.float64)
        for transposed in (b"N", b"T"):
            _trsv(b"L", transposed, b"N", whole.rows, whole.at, whole.lead, solution.ctypes.data, 1)
        return solution

    def last(self, columns: int) -> Floats:
        """The inverse's corner of the last columns, whole; not after `invert`."""
        own = self._whole.matrix[-columns:, -columns:]
        below = solve_triangular(own, np.eye(columns), lower=True)
        return np.asarray(below.T @ below, dtype=np.float64)

    def invert(self) -> Floats:
        """The inverse's lower triangle T'T, T = L^-1, in the place of L: once."""
        _invert(self._whole)
        return self._whole.matrix


@dataclass(frozen=True)
class _Block:
    """Part of a matrix in Fortran order: its first row and column, its size."""

    matrix: Floats
    first: int
    left: int
    rows: int
    columns: int

    @property
    def lead(self) -> int:
        return len(self.matrix)

    @property
    def at(self) -> int:
        """Address of the first entry."""
        return int(self.matrix.ctypes.data) + 8 * (self.first + self.left * self.lead)

    @property
    def values(self) -> Floats:
        return self.matrix[self.first : self.first + self.rows, self.left : self.left + self.columns]

    def above_and_below(self) -> "tuple[_Block, _Block]":
        half = self.rows // 2
        upper = _Block(self.matrix, self.first, self.left, half, self.columns)
        return upper, _Block(self.matrix, self.first + half, self.left, self.rows - half, self.columns)

    def left_and_right(self) -> "tuple[_Block, _Block]":
        half = self.columns // 2
        one = _Block(self.matrix, self.first, self.left, self.rows, half)
        return one, _Block(self.matrix, self.first, self.left + half, self.rows, self.columns - half)

    def corners(self) -> "tuple[_Block, _Block, _Block]":
        """Upper left, lower left, lower right of a square."""
        upper, lower = self.above_and_below()
        return (upper.left_and_right()[0], *lower.left_and_right())


def _factor(a: _Block) -> bool:
    """L in the lower triangle of `a`; false if a pivot is not positive."""
    if a.rows <= UNDIVIDED:
        return _cholesky(a)
    # L11 from A11; L21 = A21 L11'^-1, its halves side by side; then A22 - L21 L21', its corners side by side; then
    # L22 of that.
    upper, across, lower = a.corners()
    if not _factor(upper):
        return False
    one, other = across.above_and_below()
    side_by_side(partial(_divide, one, upper), partial(_divide, other, upper))
    first, between, last = lower.corners()

    def on_the_diagonal() -> None:
        _add_square(first, one, b"N", -1.0)
        _add_square(last, other, b"N", -1.0)

    side_by_side(on_the_diagonal, partial(_subtract_product, between, other, one))
    return _factor(lower)


def _invert(a: _Block) -> None:
    """(LL')^-1 in the place of L."""
    if a.rows <= UNDIVIDED:
        _invert_triangle(a)
        _square_triangle(a)
        return
    # T11 = L11^-1 and T22 = L22^-1; T21 = -T22 L21 T11; then T'T: its corners are T11'T11 + T21'T21, T22'T21 and
    # T22'T22.
    upper, across, lower = a.corners()
    side_by_side(partial(_invert_triangle, upper), partial(_invert_triangle, lower))
    side_by_side(*(partial(_multiply, some, lower, b"L", b"N", -1.0) for some in across.left_and_right()))
    side_by_side(*(partial(_multiply, some, upper, b"R", b"N", 1.0) for some in across.above_and_below()))
    # A copy, because one thread still reads T21 for the first corner while the other multiplies it.
    through = _Block(np.array(across.values, order="F"), 0, 0, across.rows, across.columns)

    def upper_left() -> None:
        _square_triangle(upper)
        _add_square(upper, across, b"T", 1.0)

    def the_rest() -> None:
        _multiply(through, lower, b"L", b"T", 1.0)
        _square_triangle(lower)

    side_by_side(upper_left, the_rest)
    across.values[...] = through.values


def _routine(module: ModuleType, name: str, kinds: str) -> Callable[..., None]:
    """The routine behind a capsule of SciPy's C interface. Kinds: letter, integer, factor (by reference), address."""
    capsule = vars(module)["__pyx_capi__"][name]
    name_of, pointer_of = ctypes.pythonapi.PyCapsule_GetName, ctypes.pythonapi.PyCapsule_GetPointer
    name_of.restype, name_of.argtypes = ctypes.c_char_p, [ctypes.py_object]
    pointer_of.restype, pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    # `ctypes` lets go of the interpreter's lock during a call, which is why these routines run in two threads at all.
    of_kind: dict[str, Any] = {
        "l": ctypes.c_char_p,
        "i": ctypes.POINTER(ctypes.c_int),
        "f": ctypes.POINTER(ctypes.c_double),
        "a": ctypes.c_void_p,
    }
    called = ctypes.CFUNCTYPE(None, *(of_kind[kind] for kind in kinds))(pointer_of(capsule, name_of(capsule)))

    def call(*arguments: Any) -> None:
        by_reference: dict[str, Any] = {"i": ctypes.c_int, "f": ctypes.c_double}
        called(
            *(
                ctypes.byref(by_reference[kind](value)) if kind in by_reference else value
                for kind, value in zip(kinds, arguments, strict=True)
            )
        )

    return call


_potrf = _routine(cython_lapack, "dpotrf", "liaia")

_trtri = _routine(cython_lapack, "dtrtri", "lliaia")

_lauum = _routine(cython_lapack, "dlauum", "liaia")

_trsv = _routine(cython_blas, "dtrsv", "llliaiai")

_trsm = _routine(cython_blas, "dtrsm", "lllliifaiai")

_trmm = _routine(cython_blas, "dtrmm", "lllliifaiai")

_syrk = _routine(cython_blas, "dsyrk", "lliifaifai")

_gemm = _routine(cython_blas, "dgemm", "lliiifaiaifai")


def _cholesky(a: _Block) -> bool:
    """L in the lower triangle of `a`, in one thread; false if a pivot is not positive."""
    if a.rows > IN_ONE_CALL:
        upper, across, lower = a.corners()
        if not _cholesky(upper):
            return False
        _divide(across, upper)
        _add_square(lower, across, b"N", -1.0)
        return _cholesky(lower)
    failed = ctypes.c_int(0)
    _potrf(b"L", a.rows, a.at, a.lead, ctypes.addressof(failed))
    return failed.value == 0


def _invert_triangle(a: _Block) -> None:
    """L^-1 in the place of L."""
    if a.rows > IN_ONE_CALL:
        upper, across, lower = a.corners()
        _invert_triangle(upper)
        _invert_triangle(lower)
        _multiply(across, lower, b"L", b"N", -1.0)
        _multiply(across, upper, b"R", b"N", 1.0)
    else:
        _trtri(b"L", b"N", a.rows, a.at, a.lead, ctypes.addressof(ctypes.c_int(0)))


def _square_triangle(a: _Block) -> None:
    """T'T in the place of T."""
    if a.rows > IN_ONE_CALL:
        upper, across, lower = a.corners()
        _square_triangle(upper)
        _add_square(upper, across, b"T", 1.0)
        _multiply(across, lower, b"L", b"T", 1.0)
        _square_triangle(lower)
    else:
        _lauum(b"L", a.rows, a.at, a.lead, ctypes.addressof(ctypes.c_int(0)))


def _divide(a: _Block, triangle: _Block) -> None:
    """a L'^-1 in the place of `a`."""
    if triangle.rows > IN_ONE_CALL:
        upper, across, lower = triangle.corners()
        left, right = a.left_and_right()
        _divide(left, upper)
        _subtract_product(right, left, across)
        _divide(right, lower)
    else:
        _trsm(b"R", b"L", b"T", b"N", a.rows, a.columns, 1.0, triangle.at, triangle.lead, a.at, a.lead)


def _multiply(a: _Block, triangle: _Block, side: bytes, transposed: bytes, factor: float) -> None:
    """The triangle (or its transpose) times `a`, or `a` times it, in the place of `a`."""
    _trmm(side, b"L", transposed, b"N", a.rows, a.columns, factor, triangle.at, triangle.lead, a.at, a.lead)


def _add_square(square: _Block, a: _Block, transposed: bytes, factor: float) -> None:
    """factor a a' (or a'a) added to the lower triangle of `square`."""
    inner = a.columns if transposed == b"N" else a.rows
    _syrk(b"L", transposed, square.rows, inner, factor, a.at, a.lead, 1.0, square.at, square.lead)


def _subtract_product(target: _Block, a: _Block, b: _Block) -> None:
    """target - a b'."""
    sizes = (target.rows, target.columns, a.columns)
    _gemm(b"N", b"T", *sizes, -1.0, a.at, a.lead, b.at, b.lead, 1.0, target.at, target.lead)
