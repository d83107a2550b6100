"""Where the pocket Idefics2 comes from: pictures, questions, two stages of training, export."""
