"""What every container's HTTP side shares: bodies, JSON as serde reads it, server-sent events."""
