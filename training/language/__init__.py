"""What the pocket language models share: one generator of chats, one training loop, one export."""
