"""What is found in the same articles with the same weights: by Instructor alone, by langextract, and by Vigie."""
