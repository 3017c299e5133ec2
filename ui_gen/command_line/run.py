"""Run one command and end with the right exit code and, for --json, exactly one JSON line on standard output."""

from __future__ import annotations

import errno
import json
import os
import signal
import sys
from threading import Event as Flag
from types import FrameType

from modalities.faults import Stopped, Unavailable, Unusable
from ui_gen.command_line import arguments as words
from ui_gen.command_line.telling import Teller

STOPPED = "Stopped; nothing half-made was kept, earlier takes are intact."


def main(argv: list[str]) -> int:
    """Exit code 0 done, 2 the request or a file is unusable, 3 an engine is not available here, 130 stopped."""
    teller = Teller()
    stop = Flag()
    as_json = "--json" in argv
    earlier = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def on_stop(number: int, frame: FrameType | None) -> None:
        # The work runs in the graph's own threads, which only look at the flag; an exception alone would leave the
        # main thread waiting for them to finish. A second signal ends the process the hard way.
        stop.set()
        signal.signal(number, signal.SIG_DFL)
        raise KeyboardInterrupt

    try:
        for number in earlier:
            signal.signal(number, on_stop)
        parsed = words.build().parse_args(argv)
        from ui_gen.command_line.commands import COMMANDS

        result = COMMANDS[parsed.command](parsed, teller, stop)
        if as_json:
            sys.stdout.write(json.dumps(result, ensure_ascii=False, allow_nan=False, default=str) + "\n")
            sys.stdout.flush()
        return 0 if result.get("ok", True) else 1
    except (KeyboardInterrupt, Stopped):
        return _ended(teller, STOPPED, 130)
    except Unusable as fault:
        return _ended(teller, str(fault), 2)
    except Unavailable as fault:
        return _ended(teller, str(fault), 3)
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return _ended(teller, "The disk is full; nothing half-made was kept, earlier takes are intact.", 2)
        return _ended(teller, f"A file could not be used: {fault.strerror or fault} "
                              f"({fault.filename or 'no name'}).", 2)
    except Exception as fault:
        if isinstance(fault, RuntimeError) and "home directory" in str(fault):
            return _ended(teller, "A file name begins with ~ and the name of nobody on this machine; write the path "
                                  "in full.", 2)
        if os.environ.get("BEECAM_DEBUG"):
            raise
        return _ended(teller, f"Something went wrong inside Beecam: {type(fault).__name__}: {fault}. Nothing half-made "
                              "was kept; BEECAM_DEBUG=1 shows where.", 1)
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _ended(teller: Teller, sentence: str, code: int) -> int:
    teller.line(" ".join(sentence.split()))
    return code
