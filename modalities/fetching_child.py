"""The only program of Beecam's that asks a model hub for anything; `modalities.fetching` runs it in its own process.

It stands alone, so that the process that asked stays offline: `python -P fetching_child.py look|fetch` reads one JSON
object from standard input and writes one to standard output. What goes wrong is named by kind; the hub's own words are
left out, since they may hold addresses with keys in them.
"""

from __future__ import annotations

import errno
import glob
import json
import os
import sys
from typing import Any


def look(asked: dict[str, Any]) -> dict[str, Any]:
    """{commit, files: [{name, size, sha256}]} of a repository's revision; size and sha256 None where not told."""
    from huggingface_hub import HfApi

    told = HfApi(token=_token()).model_info(asked["repo"], revision=asked["revision"], files_metadata=True, timeout=30)
    files = [{"name": one.rfilename, "size": one.size, "sha256": one.lfs.sha256 if one.lfs is not None else None}
             for one in told.siblings or ()]
    return {"commit": told.sha, "files": files}


def fetch(asked: dict[str, Any]) -> dict[str, Any]:
    """The named files of a commit, into a folder; what is there already of them is gone on with."""
    from huggingface_hub import snapshot_download

    snapshot_download(asked["repo"], revision=asked["commit"], local_dir=asked["folder"], token=_token(),
                      allow_patterns=[glob.escape(name) for name in asked["files"]], max_workers=4)
    return {}


def _token() -> str | bool:
    """From the environment only; False keeps the library from looking into the home folder."""
    return os.environ.get("HF_TOKEN", "").strip() or False


def kind_of(fault: BaseException) -> str:
    """gated, absent, revision, refused, offline, disk, torn or other."""
    import httpx2
    from huggingface_hub import errors

    seen: BaseException | None = fault
    while seen is not None:
        if isinstance(seen, errors.GatedRepoError):
            return "gated"
        if isinstance(seen, errors.RevisionNotFoundError):
            return "revision"
        if isinstance(seen, errors.RepositoryNotFoundError | errors.DisabledRepoError):
            return "absent"
        if isinstance(seen, errors.RemoteEntryNotFoundError):
            return "torn"
        if isinstance(seen, errors.HfHubHTTPError):
            status = getattr(seen.response, "status_code", 0)
            return "refused" if status in (401, 403) else "busy" if status == 429 or status >= 500 else "other"
        if isinstance(seen, OSError) and seen.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return "disk"
        if isinstance(seen, OSError) and "consistency check" in str(seen).lower():
            return "torn"
        if isinstance(seen, httpx2.TransportError | ConnectionError | TimeoutError):
            return "offline"
        seen = seen.__cause__ or seen.__context__
    return "offline" if isinstance(fault, errors.LocalEntryNotFoundError) else "other"


def main() -> None:
    """Answers one question."""
    asked = json.loads(sys.stdin.read())
    try:
        answer = {"look": look, "fetch": fetch}[sys.argv[1]](asked)
    except Exception as fault:  # the one place where a library's many kinds of failure become ours
        answer = {"fault": kind_of(fault), "type": type(fault).__name__}
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
