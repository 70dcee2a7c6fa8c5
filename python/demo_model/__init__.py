"""Creates the model of printed characters: fonts, images of single characters, a small network and its training."""
