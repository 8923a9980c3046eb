"""What Baton makes of somebody's own export: no labels, so what can be checked without them, and what a person should read first."""
