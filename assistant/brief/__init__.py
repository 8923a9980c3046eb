"""The handoff brief: standing sections composed from the ledger, every line with its citations."""
