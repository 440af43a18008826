"""Text becomes sentences, with what the parse says of each."""
