"""One module per tool that is asked over the network: each hands its answers, as they came, to the parser that reads that tool's export."""
