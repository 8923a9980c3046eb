"""Judges of what no exact measure sees: whether words say the same, whether a text bears a sentence out. Each is judged first."""
