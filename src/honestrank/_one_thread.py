"""Imported first: one thread for linear algebra unless the environment says otherwise.

Digits then do not depend on the number of cores, and a busy machine is not slowed by threads that wait for each other.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
