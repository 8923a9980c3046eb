"""A small language model from Python packages, served on this machine, and Baton's evaluation with it."""
