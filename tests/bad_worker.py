"""A worker of the fuzz campaign whose first case ends it in one of the ways a reader could; the second is good."""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from pathlib import Path

from campaigns.children import pause, say


def main(how: str, _place: str, work: str, _seed: str, first: str, _end: str) -> None:
    if first == "0":
        (Path(work) / "at").write_bytes(bytes(8))
        if how == "ends":
            os.kill(os.getpid(), signal.SIGSEGV)
        if how == "hangs":
            pause(60)
        resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
        bytearray(2 << 30)
    say(json.dumps({"cases": 1, "counts": {}, "faults": []}))
    say("done")


if __name__ == "__main__":
    main(*sys.argv[1:])
