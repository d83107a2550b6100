"""Replicas: what runs an endpoint's container."""
