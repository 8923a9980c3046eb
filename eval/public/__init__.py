"""Public benchmark sets, read where they lie beside the project: Baton measured on words that nobody here wrote."""
