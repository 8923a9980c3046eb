"""Facts read off the history without a model: one module a kind, pure functions over statements, each fact with its spans."""
