"""The three ways a run ends early. Each carries one clear sentence for the creator."""


class Unusable(ValueError):
    """The request or a file cannot be used: names the file or option and what would be accepted. Exit code 2."""


class Unavailable(RuntimeError):
    """An engine is not available on this machine: names what is missing. Exit code 3."""


class Stopped(Exception):
    """The creator stopped the run. Exit code 130."""
