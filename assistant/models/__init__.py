"""Answer models: the extractive one that needs nothing, and what every other one has to be."""
