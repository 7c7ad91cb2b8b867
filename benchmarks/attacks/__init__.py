"""What a hostile article can do: attacks of our own in many languages, each with its clean twin, and what comes of them."""
