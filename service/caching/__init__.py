"""What is kept of answers, so that the same need not be read twice."""
