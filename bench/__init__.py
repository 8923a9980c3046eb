"""Speed, memory and endurance, measured. Not part of the distribution."""
