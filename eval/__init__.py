"""How faithful the answers are: cases, exact measures, reports and the gate."""
