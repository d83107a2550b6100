"""The dialect of vLLM 0.30.0's OpenAI-compatible server (vllm-project/vllm, entrypoints/)."""
