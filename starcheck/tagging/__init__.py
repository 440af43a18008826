"""Each sentence gets a part, with probabilities."""
