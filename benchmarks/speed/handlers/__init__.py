"""What a user would write instead: three small services that ask the same endpoint about the same article."""
