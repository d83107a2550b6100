"""Poems: their lines, their topics, what asks for them, and how good they are."""
