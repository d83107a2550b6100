"""Where the pocket models' weights come from: generators, training and export (needs torch)."""
