"""Starts a Ray cluster of two machines on this one, says its address, and ends when its input does."""

from __future__ import annotations

import os
import sys

os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"

from ray.cluster_utils import Cluster

if __name__ == "__main__":
    small = {"object_store_memory": 80 << 20, "include_dashboard": False}
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, **small})
    # A graphics card is what a machine says that it has; Ray only counts them.
    cluster.add_node(num_cpus=1, num_gpus=1, **small)
    cluster.wait_for_nodes()
    print(cluster.address, flush=True)
    sys.stdin.read()
    cluster.shutdown()
