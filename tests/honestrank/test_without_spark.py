"""Spark is an extra: without it everything else works, and a sentence says how to get it."""

import subprocess
import sys
from importlib.util import find_spec

from honestrank.words.wording import InputError

ASK = """
import sys
import honestrank.reading.spark, honestrank.ranks.fitting
from honestrank.sums import Columns
from honestrank.words.wording import InputError
assert not {"pyspark", "pyarrow", "pandas"} & set(sys.modules)
try:
    with honestrank.reading.spark.ratings_in(None, Columns("u", "y", rater="r")):
        pass
except InputError as error:
    print(error.key)
"""


def test_it_is_not_imported_and_the_sentence_tells_how_to_install_it() -> None:
    assert find_spec("pyspark") is None, "pyspark belongs into an environment of its own: make test-spark"
    said = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True).stdout
    assert said == "no_spark\n"
    assert "pip install 'zhengyou[spark]'" in InputError("no_spark").sentence("en")
    assert "pip install 'zhengyou[spark]'" in InputError("no_spark").sentence("zh-hans")
