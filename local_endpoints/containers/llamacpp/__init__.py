"""The real llama.cpp server, out of the wheel ``xllamacpp``; only its settings are made here."""
