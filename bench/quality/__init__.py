"""How well Baton finds and answers, beside plain BM25 and LlamaIndex, on the same texts and questions in the same run."""
