"""One-to-one pairing of two lists so that the pairs are worth the most."""

from collections.abc import Sequence


def assign(worth: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return the pairs (row, column) that are worth the most together, by row; a pair that is worth nothing is none.

    Row after row joins by the chain of exchanges that gains most, so that after each the pairs are the best of the rows so far.
    """
    rows, columns = len(worth), len(worth[0]) if worth else 0
    # Each row may also go unpaired: the columns beyond the last are places to do so.
    worths = [[*row, *[0] * rows] for row in worth]
    held: dict[int, int] = {}
    for row in range(rows):
        gain = [*worths[row]]
        came: list[int | None] = [None] * len(gain)
        while _improve(gain, came, held, worths):
            pass
        column: int | None = max((one for one in range(len(gain)) if one not in held), key=gain.__getitem__)
        while column is not None:
            before = came[column]
            held[column] = row if before is None else held[before]
            column = before
    return sorted((row, column) for column, row in held.items() if column < columns and worths[row][column] > 0)


def _improve(gain: list[int], came: list[int | None], held: dict[int, int], worths: Sequence[Sequence[int]]) -> bool:
    """Let the holder of each column move to another where that gains more; return whether it did anywhere."""
    improved = False
    for taken, holder in held.items():
        spare = gain[taken] - worths[holder][taken]
        for column, worth in enumerate(worths[holder]):
            if spare + worth > gain[column]:
                gain[column], came[column] = spare + worth, taken
                improved = True
    return improved
