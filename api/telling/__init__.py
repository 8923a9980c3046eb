"""Telling people and tools that a brief is there: where they already are, once each, with a link and not with its words."""
