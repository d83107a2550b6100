"""What generators of text share: words, rhymes, tokens; chats, a training loop, an export."""
