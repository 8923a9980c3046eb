"""What a handoff must know and the history does not say: questions left open, things put off, fields nobody filled."""
