"""The names of countries, of what lies in them and of those who belong to them."""
