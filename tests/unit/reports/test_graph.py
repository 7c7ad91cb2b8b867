"""The graph, and its sentences."""

import re
import time
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.record import Record, Threat
from service.reports.graph import drawn
from service.reports.pieces import links as links_of
from service.reports.placing import BOX_WIDTH, MOST_ACTORS, MOST_LINES, places
from service.reports.relations import Relation, Verb
from tests.unit.reports.drawing_parts import NUMBER, links, of_class, read, words
from tests.unit.reports.report_parts import TEXT as SMALL_TEXT
from tests.unit.reports.report_parts import actor, large, record, small, threat

TEXT = "Kestria and Valmer"
ACTORS = st.integers(1, 24).map("A{}".format)
RELATIONS = st.lists(
    st.builds(Relation, ACTORS, ACTORS, st.sampled_from(Verb), st.lists(st.integers(1, 999).map("T{}".format), min_size=1, max_size=3).map(tuple)),
    max_size=60,
    unique_by=lambda one: (one.by, one.to, one.verb),
)


def threatens(number: int, by: str, to: str) -> Threat:
    """Return a threat by one against another."""
    return threat(TEXT, number, "Kestria", by=[by], against=[to])


def between(*names: str) -> Record:
    """Return a record in which the first of two actors threatens the second."""
    first, second = (actor(TEXT, number, "Kestria").model_copy(update={"name": name}) for number, name in enumerate(names, 1))
    return record(TEXT, first, second, threatens(1, "A1", "A2"))


def test_nothing_is_drawn_where_nobody_does_anything() -> None:
    """Actors alone are no graph."""
    assert drawn(record(TEXT, actor(TEXT, 1, "Kestria"))) == ""


def test_sentences_say_what_is_drawn() -> None:
    """Each relation is a sentence with links to the actors and the entries."""
    sentences = of_class(read(drawn(small())), "sentences")[0]

    assert [words(one) for one in sentences] == [
        "Kestria threatens Valmer (T1, on a condition)",
        "Kestria may strike Valmer (G1)",
        "Dorvik promises to support Valmer (C2)",
    ]
    assert links(sentences[0]) == ["#A1", "#A2", "#T1"]


def test_the_drawing_is_for_the_eye_alone() -> None:
    """It is hidden from screen readers, so nothing in it takes the focus; the place that scrolls does, and has a name, and one that fits does not."""
    crowd = [f"A{number}" for number in range(1, 9)]
    fits, scrolls = read(drawn(small())), read(drawn(record(TEXT, threat(TEXT, 1, "Kestria", by=crowd, against=crowd))))
    fitting, wide = (of_class(graph, "wide")[0] for graph in (fits, scrolls))

    assert all(svg.get("aria-hidden") == "true" and links(svg) == [] for graph in (fits, scrolls) for svg in graph.findall(".//svg[@class]"))
    assert fitting.attrib == {"class": "wide"}
    assert of_class(fitting, "fitting")
    assert wide.get("tabindex") == "0"
    assert wide.get("aria-label")
    assert not of_class(wide, "fitting")


def test_kinds_are_told_without_colours() -> None:
    """A line has the letter of its section on it, and is dashed where another kind of the same colour is not; the legend shows each kind once."""
    graph = read(drawn(small()))
    drawing = of_class(graph, "graph")[0]

    assert {words(text) for text in drawing.findall("text")} == {"T1", "G1", "C2"}
    assert [line.get("stroke-dasharray") for line in of_class(drawing, "line")].count("8 4") == 2
    assert [words(one) for one in of_class(graph, "legend")[0]] == ["threatens", "may strike", "promises to support", "on a condition"]


def test_a_line_says_how_sure_it_is() -> None:
    """A line is whole where something is declared, dashed where all its entries hang on a condition, where it may happen or is expected; the legend says so."""
    sure = threatens(1, "A1", "A2")
    unsure = sure.model_copy(update={"id": "T2", "condition": "if"})
    both, alone = (read(drawn(record(TEXT, *entries))) for entries in ([sure, unsure], [unsure]))

    assert [line.get("stroke-dasharray") for graph in (both, alone) for line in of_class(of_class(graph, "graph")[0], "line")] == [None, "8 4"]
    assert [words(of_class(graph, "legend")[0]) for graph in (both, alone)] == ["threatens", "threatens on a condition"]
    assert [words(of_class(graph, "sentences")[0]) for graph in (both, alone)] == [
        "A1 threatens A2 (T1; T2, on a condition)",
        "A1 threatens A2 (T2, on a condition)",
    ]


def test_a_line_of_several_entries_says_how_many() -> None:
    """The first entry stands on the line, the others are counted there and linked in the sentence."""
    graph = read(drawn(record(TEXT, actor(TEXT, 1, "Kestria"), actor(TEXT, 2, "Valmer"), *(threatens(number, "A1", "A2") for number in (1, 2, 3)))))

    assert [words(text) for text in of_class(graph, "graph")[0].findall("text")] == ["T1 +2"]
    assert words(of_class(graph, "sentences")[0]) == "Kestria threatens Valmer (T1, T2, T3)"


def test_who_harms_themselves_stands_in_words() -> None:
    """A relation of an actor with itself is a sentence without a line."""
    graph = read(drawn(record(TEXT, actor(TEXT, 1, "Kestria"), threatens(1, "A1", "A1"))))

    assert of_class(graph, "graph") == []
    assert words(of_class(graph, "sentences")[0]) == "Kestria threatens Kestria (T1)"


def test_an_actor_who_is_missing_has_its_id() -> None:
    """A fallback, for no door lets a record in that lacks an actor: the sentences still tell who by their ids."""
    assert words(of_class(read(drawn(record(TEXT, threatens(1, "A1", "A2")))), "sentences")[0]) == "A1 threatens A2 (T1)"


def test_no_two_actors_are_taken_for_one() -> None:
    """Each box has the id of its actor, and a sentence has it where two are called the same; so have headings and links."""
    whole = between("Ministry of Foreign Affairs", "ministry of foreign  affairs")
    graph = read(drawn(whole))

    assert [words(one) for one in of_class(of_class(graph, "graph")[0], "id")] == ["A1", "A2"]
    assert words(of_class(graph, "sentences")[0]) == "Ministry of Foreign Affairs (A1) threatens ministry of foreign affairs (A2) (T1)"
    assert links_of(whole)["A2"].text == "ministry of foreign  affairs (A2)"
    assert links_of(small())["A2"].text == "Valmer"


def test_what_is_too_much_for_a_drawing_is_told() -> None:
    """Of forty actors the most connected are drawn; all relations stand in words, and the report says that the drawing lacks some."""
    _, many = large()
    begun = time.process_time()
    graph = read(drawn(many))

    assert time.process_time() - begun < 1
    assert len(of_class(of_class(graph, "graph")[0], "actor")) <= MOST_ACTORS
    assert len(of_class(graph, "sentences")[0]) == 80
    assert "most connected actors" in words(graph)


def test_what_is_too_much_to_read_is_counted() -> None:
    """Of a crowd against a crowd two hundred sentences stand there, and the rest is counted."""
    crowd = [f"A{number}" for number in range(1, 60)]
    graph = read(drawn(record(TEXT, threat(TEXT, 1, "Kestria", by=crowd, against=crowd))))

    assert len(of_class(graph, "sentences")[0]) == 200
    assert "1800 more relations stand with the entries alone." in words(graph)
    assert "There are more relations than were looked at." in words(graph)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=("L", "M", "N", "P", "S", "Zs", "Cf")), max_size=300))
def test_names_are_inert(name: str) -> None:
    """Markup in a name is text like any other, and a long name is cut before it is drawn."""
    graph = read(drawn(between(f"<script>{name}", "Valmer" * 2_000)))
    labels = [words(text) for text in of_class(of_class(graph, "graph")[0], "name")]

    assert list(graph.iter("script")) == []
    assert labels[0].startswith("<script>")
    assert len(labels[1]) < 30


def test_names_keep_their_direction() -> None:
    """A name written from the right is so in the drawing, isolated from what stands beside it."""
    names = of_class(read(drawn(between("إيران", "Valmer"))), "name")

    assert {(words(name), name.get("direction"), name.get("unicode-bidi")) for name in names} == {("إيران", "rtl", "isolate"), ("Valmer", "ltr", "isolate")}


def test_the_same_record_is_drawn_the_same() -> None:
    """Nothing of the drawing is left to chance, and it has no style of its own."""
    graph = drawn(small())

    assert graph == drawn(small())
    assert not re.search(r"<style|<script|\bstyle=|https?:", graph)
    assert {one.get("id") for one in read(graph).iter() if one.get("id")} == {"report-relations", "report-relations-title"}
    assert "Kestria" in SMALL_TEXT


@settings(max_examples=100, deadline=None)
@given(RELATIONS)
def test_all_stands_in_its_place(found: list[Relation]) -> None:
    """Whoever is related, boxes do not touch, lines begin and end at their boxes and lie beside them, and all is within the drawing."""
    made = places(found)
    boxes = {box.actor: box for box in made.boxes}

    assert len(boxes) <= MOST_ACTORS
    assert len(made.lines) <= MOST_LINES
    for upper, lower in combinations(made.boxes, 2):
        assert upper.y + upper.height < lower.y
    for line in made.lines:
        by, to = boxes[line.relation.by], boxes[line.relation.to]
        assert by.y < line.y1 < by.y + by.height
        assert to.y < line.y2 < to.y + to.height
        assert line.x in (by.x, by.x + BOX_WIDTH)
        assert 20 <= line.label_x <= made.width - 20
        assert not by.x - 10 < line.label_x < by.x + BOX_WIDTH + 10
        assert (line.y1 < line.y2) == (line.x > by.x)
    assert all(box.y >= 0 and box.y + box.height <= made.height for box in made.boxes)


@settings(max_examples=100, deadline=None)
@given(RELATIONS)
def test_labels_stand_apart(found: list[Relation]) -> None:
    """Labels of two lines never lie on each other: they are in different lanes or at different heights."""
    lines = places(found).lines

    for one, other in combinations(lines, 2):
        apart_y = abs((one.y1 + one.y2) - (other.y1 + other.y2)) / 2
        assert abs(one.label_x - other.label_x) >= 40 or apart_y >= 12


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), min_size=1, max_size=12))
def test_any_relations_are_drawn(pairs: list[tuple[int, int]]) -> None:
    """Every number of a drawing is finite and within its edges."""
    graph = read(drawn(record(TEXT, *(threatens(number, f"A{by}", f"A{to}") for number, (by, to) in enumerate(pairs, 1)))))

    for drawing in of_class(graph, "graph"):
        _, _, width, height = map(float, NUMBER.findall(drawing.get("viewBox", "")))
        for line in of_class(drawing, "head"):
            x, y = map(float, NUMBER.findall(line.get("d", ""))[:2])
            assert 0 <= x <= width
            assert 0 <= y <= height
