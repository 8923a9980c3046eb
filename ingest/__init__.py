"""From a team's exports to a searchable history: sources, records, passages, archive, indexes."""
