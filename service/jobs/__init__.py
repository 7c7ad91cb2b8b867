"""Many articles at once: what was handed in is kept, read in its turn, and kept again as records."""
