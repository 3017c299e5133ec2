"""Beecam's front door: `python app.py …` is the same as `beecam …`. No logic lives here."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one command; with no words at all, open the studio."""
    # Read by the libraries when they are first imported: no telemetry, no network look-ups, quiet logs.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from world_model import kernel_cache

    kernel_cache.place()
    from ui_gen.command_line.run import main as run

    sys.exit(run(sys.argv[1:] or ["studio"]))


if __name__ == "__main__":
    main()
