"""Work that may be done anywhere: by this process, or by the workers of a Ray cluster."""
