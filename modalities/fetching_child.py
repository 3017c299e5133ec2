"""The only program of Beecam's that asks a model hub for anything; `modalities.fetching` runs it in its own process.

It stands alone, so that the process that asked stays offline: `python -P fetching_child.py look|fetch` reads one JSON
object from standard input and writes one to standard output. What goes wrong is named by kind; the hub's own words are
left out, since they may hold addresses with keys in them.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

AT_ONCE = 3
# Where files are that were cut off, inside the folder.
CUT_OFF = ".cache"


def look(asked: dict[str, Any]) -> dict[str, Any]:
    """{commit, files: [{name, size, sha256}]} of a repository's revision; size and sha256 None where not told."""
    from huggingface_hub import HfApi

    told = HfApi(token=_token()).model_info(asked["repo"], revision=asked["revision"], files_metadata=True, timeout=30)
    files = [{"name": one.rfilename, "size": one.size, "sha256": one.lfs.sha256 if one.lfs is not None else None}
             for one in told.siblings or ()]
    return {"commit": told.sha, "files": files}


def fetch(asked: dict[str, Any]) -> dict[str, Any]:
    """The named files of a commit, into a folder. What was cut off is gone on with where it was: the library's own
    snapshot_download begins each file anew in every process."""
    folder = Path(asked["folder"])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in [pool.submit(_one, asked["repo"], asked["commit"], name, folder) for name in asked["files"]]:
            done.result()
    return {}


def _one(repo: str, commit: str, name: str, folder: Path) -> None:
    from huggingface_hub import get_hf_file_metadata, hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers

    url, token = hf_hub_url(repo, name, revision=commit), _token()
    told = get_hf_file_metadata(url, token=token, timeout=30, retry_on_errors=True)
    final = folder / name
    if final.is_file() and final.stat().st_size == told.size:
        return
    # What was begun of another content of the same name is not gone on with.
    mark = hashlib.sha256(f"{name} {told.etag}".encode()).hexdigest()[:24]
    begun = folder / CUT_OFF / mark
    begun.parent.mkdir(parents=True, exist_ok=True)
    final.parent.mkdir(parents=True, exist_ok=True)
    begun.touch()
    there = begun.stat().st_size
    if told.size is None or there > told.size:
        begun.write_bytes(b"")
        there = 0
    headers = build_hf_headers(token=token)
    if urlsplit(told.location).netloc != urlsplit(url).netloc:
        # The address that is led to has a key of its own; ours is not for it.
        headers.pop("authorization", None)
    with begun.open("r+b") as file:
        file.seek(there)
        try:
            http_get(told.location, file, resume_size=there, headers=headers, expected_size=told.size)
        except OSError as fault:
            if "consistency check" in str(fault).lower():
                file.truncate(0)
            raise
    begun.replace(final)


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
