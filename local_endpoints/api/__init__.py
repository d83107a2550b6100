"""HTTP routes of the service process: management API, hub side and local extras."""
