"""Client libraries as black boxes against both text dialects: ``python -m tests.clients``."""
