"""When an article says of itself that it was published."""
