"""What makes the model of printed characters: fonts, pictures of single characters, a small network and its training."""
