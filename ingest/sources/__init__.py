"""One module per tool: each turns the bytes of its export into a `Reading`, touching neither disk nor network."""
