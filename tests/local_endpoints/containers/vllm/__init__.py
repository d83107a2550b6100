"""The vLLM dialect, beside what vLLM itself answered."""
