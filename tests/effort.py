"""How much a run tries: enough for whoever waits, everything before a change is taken."""

import os

THOROUGH = os.environ.get("YIHAOTONG_TEST_THOROUGH") == "1"


def examples(all_of_them: int) -> int:
    """How many examples of a property are tried: a third, unless the run is thorough."""
    return all_of_them if THOROUGH else max(5, all_of_them // 3)
