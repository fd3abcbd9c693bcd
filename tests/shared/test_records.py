"""Records: known to msgspec from the start, so that no two threads find out about them at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOOKED_AT = """
import sys, msgspec
from shared import records
called = []
sys.setprofile(lambda frame, event, _: called.append(frame.f_code.co_name))
try:
    msgspec.convert({}, records.RECORD)
except msgspec.ValidationError:
    pass
sys.setprofile(None)
sys.exit("get_class_annotations" in called)
"""


@pytest.mark.parametrize("record", ["CallFacts", "Report", "Judgement", "Comparison", "Rejection"])
def test_how_a_record_is_built_is_known_before_it_is_first_read(record: str) -> None:
    done = subprocess.run([sys.executable, "-c", LOOKED_AT.replace("RECORD", record)], check=False)
    assert done.returncode == 0
