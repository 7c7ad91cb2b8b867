"""What Vigie adds to a model's own time, side by side with what a user would pick instead: `make bench`."""
