"""How the service holds: turns, shared work, retries, a breaker and a quiet end."""
