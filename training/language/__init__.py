"""Words, rhymes and tokens: what the generators of text share."""
