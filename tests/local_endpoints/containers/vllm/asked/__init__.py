"""What the real vLLM is asked, one module for each of its servers and subjects."""
