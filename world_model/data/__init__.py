"""Training data of the world model, made by rule and the simulator: words, sketches, clips."""
