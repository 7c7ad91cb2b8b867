"""What the watch of a harbour is told of an article."""

import httpx


def alerts(vigie: httpx.Client, article: str) -> list[str]:
    """Return a line for each threat of violence, in the article's own words."""
    answer = vigie.post("/extract", json={"text": article})
    if answer.is_error:
        problem = answer.json()
        return [f"not read, {'try again' if problem['retryable'] else 'look into it'}: {problem['code']}"]
    record = answer.json()
    names = {actor["id"]: actor["name"] for actor in record["actors"]}
    threats = (threat for threat in record["threats"] if threat["kind"] == "violence")
    return [f"{' and '.join(names[who] for who in threat['by'])}: {threat['evidence'][0]['quote']}" for threat in threats]
