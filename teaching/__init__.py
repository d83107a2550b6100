"""For teachers: what a class needs besides the notebooks."""
