"""The HTTP dialects that a replica speaks.

One replica is one process: ``python -m local_endpoints.containers``.
"""
