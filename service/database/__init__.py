"""The PostgreSQL that keeps the jobs: where it is, and what its faults mean."""
