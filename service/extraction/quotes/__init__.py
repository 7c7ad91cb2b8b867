"""Where the words of a quote stand, and whether they mean there what they mean alone."""
