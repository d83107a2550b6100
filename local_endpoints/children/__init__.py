"""What local mode puts in front of ``PYTHONPATH``: see ``sitecustomize``."""
