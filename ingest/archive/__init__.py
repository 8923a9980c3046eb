"""The truth: every account, interaction, turn, passage and embedding, in one SQL database; the indexes are projections of it."""
