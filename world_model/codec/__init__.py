"""Codecs: learned, causal, small enough for one core. They turn pictures into the latents the joint model speaks."""
