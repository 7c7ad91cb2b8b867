"""What targets, threats and commitments are by the words around them."""
