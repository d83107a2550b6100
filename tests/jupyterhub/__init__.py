"""The course on a real JupyterHub: ``python -m tests.jupyterhub`` is a whole class.

It needs the extra ``jupyterhub``, and so do the tests here.
"""
