"""How well articles are read: gold articles, what a record of them gets right, and what that is worth."""
