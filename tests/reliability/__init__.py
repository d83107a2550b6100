"""Is the service still itself after kills, nonsense, a full disk, too many clients, a long day?

Each trial is a function that runs a service of its own and returns a `Report`: figures, and faults.
`test_reliability` runs all of them in a small size with every test run; `python -m
tests.reliability` in a large one, for a release.
"""
