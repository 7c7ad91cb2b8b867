"""Inflecting: the forms of a word that a lexicon writes once, by the endings that it lists; nothing is stemmed."""

from collections.abc import Mapping


def forms(word: str, endings: Mapping[str, str]) -> list[str]:
    """Return the forms of `word`, itself first.

    Args:
        word: As the lexicon writes it; "=" before it says that it has no other forms.
        endings: By the end of a word, the ends of its forms separated by spaces, where "-" is none. The longest that fits is taken.
    """
    if word.startswith("="):
        return [word[1:]]
    stem, ends = _stem(word, endings)
    return list(dict.fromkeys([word, *(stem + end for end in ends)]))


def cases(name: str, endings: Mapping[str, str]) -> list[str]:
    """Return the forms of a name of several words, each case of all its words together, itself first."""
    declined = []
    for word in name.split(" "):
        stem, ends = _stem(word, endings)
        declined.append([stem + end for end in ends])
    together = [" ".join(words) for words in zip(*declined, strict=False)]
    return list(dict.fromkeys([name, *together]))


def _stem(word: str, endings: Mapping[str, str]) -> tuple[str, list[str]]:
    """Return what stays of `word`, and the ends that it takes."""
    ending = next((word[at:] for at in range(max(len(word) - 5, 0), len(word) + 1) if word[at:] in endings), None)
    if ending is None:
        return word, [""]
    return word.removesuffix(ending), ["" if end == "-" else end for end in endings[ending].split()]
