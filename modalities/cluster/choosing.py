"""Whether work is done by a cluster, and by which: RAY_ADDRESS, or a word of the command line."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

from modalities.cluster.machines import Cluster
from modalities.faults import Unavailable, Unusable
from world_model.workers.tasks import NoWorkers, Workers

ADDRESS = "RAY_ADDRESS"
# One connection a process and address, however many studios it serves.
_clusters: dict[str, Cluster] = {}
_lock = Lock()


def cluster_from(environ: Mapping[str, str], asked: bool = False) -> Cluster | None:
    """The cluster of RAY_ADDRESS; where that is not set, one on this machine where it was `asked` for, else None.
    Nothing is reached before it is used."""
    address = environ.get(ADDRESS, "").strip() or ("local" if asked else "")
    if not address:
        return None
    with _lock:
        if address not in _clusters:
            _clusters[address] = Cluster(lambda: _reached(address))
        return _clusters[address]


def _reached(address: str) -> Workers:
    """Raises Unavailable where nobody answers or Ray is not installed, Unusable for what is no address."""
    from world_model.workers.on_ray import OnRay

    try:
        return OnRay(address)
    except NoWorkers as fault:
        raise Unavailable(str(fault)) from None
    except ValueError as fault:
        raise Unusable(f"{ADDRESS}: {fault}") from None
