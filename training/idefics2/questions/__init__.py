"""Questions about a picture with true answers, and honest ones where there is no telling."""
