"""What of vLLM and TGI is imitated, field by field: ``python -m tests.imitation --write``."""
