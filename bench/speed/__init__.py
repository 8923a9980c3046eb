"""What `make bench` measures: one module a section, and what the sections share."""
