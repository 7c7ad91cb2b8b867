"""Data only: what comes in, what the model writes, what goes out. Imports nothing of ours."""
