"""Jingyan: from Chinese policy texts to words, likenesses, groups and a report."""

import signal
import sys

__version__ = "0.1.0"

# `python -m pipeline.STAGE`: Ctrl-C while the libraries load ends the stage without a word. `cli.run` takes over from there.
if sys.argv[:1] == ["-m"]:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
