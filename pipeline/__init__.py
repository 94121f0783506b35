"""Jingyan: from Chinese policy texts to words, likenesses, groups and a report."""

import gc
import signal
import sys

__version__ = "0.1.0"
# As LICENSE and CITATION.cff have them; the year is that of the copyright of this version.
AUTHORS = "The Jingyan authors"
YEAR = 2026

# Tables make many objects and hardly a cycle: looking for cycles a hundred times less often saves a tenth of the time.
COLLECTIONS = (100_000, 50, 1_000)

# `python -m pipeline.STAGE`: Ctrl-C while the libraries load ends the stage without a word. `cli.run` takes over from there.
if sys.argv[:1] == ["-m"]:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    gc.set_threshold(*COLLECTIONS)
