"""Live play: a world that goes on for ever, steered while it plays."""
