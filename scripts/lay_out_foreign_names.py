"""Write down the names of countries that articles in all languages may use: `python scripts/lay_out_foreign_names.py`, after a change of babel or of a list."""

import json
from pathlib import Path

from service.extraction.countries.words import agreed

TABLE = Path(__file__).parents[1] / "service" / "extraction" / "countries" / "foreign.json"


def laid_out() -> str:
    """Return the table: by what a name is and by country, the names."""
    table: dict[str, dict[str, str]] = {}
    for key, place in sorted(agreed().items()):
        if place.code is None or "|" in key:
            raise ValueError("The table has no room for such a name.")
        of_country = table.setdefault(place.via, {})
        of_country[place.code] = f"{of_country[place.code]}|{key}" if place.code in of_country else key
    return json.dumps(table, ensure_ascii=False, indent=0, sort_keys=True) + "\n"


if __name__ == "__main__":
    TABLE.write_text(laid_out(), encoding="utf-8")
    print(f"{TABLE.name}: {TABLE.stat().st_size} bytes")
