"""From passages to what can be searched: the embedder, and two indexes that are projections of the archive."""
