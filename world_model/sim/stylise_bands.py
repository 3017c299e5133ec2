"""Bands of rows on two threads: how every finishing pass is run.

A kernel is compiled with nogil and has the signature kernel(first_row, last_row, …); it writes only its own rows,
so the result cannot depend on the number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import Any


@lru_cache(maxsize=4)
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="finish")


def run_bands(kernel: Callable[..., Any], rows: int, threads: int, *arguments: Any) -> None:
    """Call kernel(first, last, *arguments) over [0, rows) in `threads` bands and wait for all of them."""
    if threads <= 1 or rows < 2 * threads:
        kernel(0, rows, *arguments)
        return
    edges = [rows * i // threads for i in range(threads + 1)]
    waiting = [_pool(threads).submit(kernel, edges[i], edges[i + 1], *arguments) for i in range(1, threads)]
    kernel(edges[0], edges[1], *arguments)
    for one in waiting:
        one.result()
