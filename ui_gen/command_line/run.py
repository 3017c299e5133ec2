"""Run one command and end with the right exit code and, for --json, exactly one JSON line on standard output."""

from __future__ import annotations

import errno
import json
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
    earlier = signal.getsignal(signal.SIGTERM)

    def on_terminate(number: int, frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt

    try:
        signal.signal(signal.SIGTERM, on_terminate)
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
    finally:
        signal.signal(signal.SIGTERM, earlier)


def _ended(teller: Teller, sentence: str, code: int) -> int:
    teller.line(" ".join(sentence.split()))
    return code
