"""The clock: the time of day that an expression tells besides the day."""

from service.extraction.time_reading.words import Word

_NOON = 12
_MIDNIGHT = 24


def clock_of(words: list[Word], *, twelve_hours: bool) -> tuple[list[Word], str | None, bool]:
    """Return the words that are left without their time of day, that time, and whether a part of the day is named.

    A time of day is given up, and the day kept, where it could be two: 6 without "pm" in a language that counts to twelve, midnight, any in a named zone.
    """
    left = [word for word in words if word.letter not in "CD午z"]
    taken = [word for word in words if word.letter in "CD午z"]
    clocks = [word.text for word in taken if word.letter == "C"]
    parts = {word.text for word in taken if word.letter in "D午"}
    named = bool(parts)
    if len(clocks) != 1 or any(word.letter == "z" for word in taken) or clocks[0] == "midnight":
        return left, None, named or bool(clocks)
    hour, _, minute = clocks[0].partition(":")
    value = int(hour)
    if value >= _MIDNIGHT or (value <= _NOON and twelve_hours and not parts and clocks[0] != "12:noon"):
        return left, None, True
    if parts == {"pm"} and value < _NOON:
        value += _NOON
    elif parts == {"am"} and value == _NOON:
        value = 0
    elif (parts == {"am"} and value > _NOON) or (parts and not parts <= {"am", "pm"} and value <= _NOON):
        return left, None, True
    return left, f"{value:02}" + (f":{minute}" if minute and minute != "noon" else ""), True
