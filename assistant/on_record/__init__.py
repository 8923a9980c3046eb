"""Questions that the ledger answers: a module for each kind, which knows how such a question is put and which facts answer it."""
