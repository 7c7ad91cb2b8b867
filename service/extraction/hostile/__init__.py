"""What a hostile article may hold besides its text: control tokens, characters that nobody sees, words meant for the model."""
