"""What of the service, of vLLM and of TGI is imitated, field by field.

``python -m tests.imitation --write``
"""
