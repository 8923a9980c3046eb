"""How the words of a page are dealt to its sections."""

from __future__ import annotations

from assistant.brief.budget import Claimed, dealt
from assistant.brief.paper import Group, Row, Section, count_words


def section(title: str, *rows: int, words: int = 10, first: bool = False) -> Section:
    """A section with a group of so many rows each."""
    return Section(title, tuple(Group("", tuple(Row(" ".join(["word"] * words)) for _ in range(many))) for many in rows), first)


def shown(sections: tuple[Section, ...]) -> list[list[int]]:
    return [[len(group.rows) for group in one.groups] for one in sections]


def words_of(sections: tuple[Section, ...]) -> int:
    rows = [row for one in sections for group in one.groups for row in group.rows]
    more = [group for one in sections for group in one.groups if group.more]
    return sum(count_words(row.words) for row in rows) + sum(count_words(group.folded) for group in more) + len(sections)


def test_all_is_shown_where_there_is_room() -> None:
    found = dealt([Claimed(section("A", 3), 1), Claimed(section("B", 2, 4), 1)], 900, 900)
    assert shown(found) == [[3], [2, 4]]
    assert all(group.more == 0 for one in found for group in one.groups)


def test_what_is_lasting_keeps_its_rows_and_of_the_others_who_has_most_gives_first() -> None:
    claimed = [Claimed(section("Promises", 2, 9), 6, lasting=True), Claimed(section("Risks", 5), 3), Claimed(section("Dates", 5), 3)]
    found = dealt(claimed, 105, 900)
    assert shown(found) == [[2, 4], [2], [1]]
    assert [group.more for one in found for group in one.groups] == [0, 5, 3, 4]
    assert words_of(found) <= 105


def test_what_is_left_over_is_dealt_a_row_to_each_in_turn() -> None:
    found = dealt([Claimed(section("A", 9), 1), Claimed(section("B", 9), 1), Claimed(section("C", 9), 0)], 89, 900)
    assert shown(found) == [[3], [3], [2]]
    assert words_of(found) <= 89


def test_a_section_whose_least_is_none_may_stand_as_a_count_and_others_never() -> None:
    found = dealt([Claimed(section("A", 2), 1), Claimed(section("B", 7), 0), Claimed(section("C", 7), 4)], 5, 900)
    assert shown(found) == [[1], [0], [1]]
    assert found[1].groups[0].more == 7


def test_where_nothing_else_can_go_a_group_is_only_counted_while_another_of_its_section_shows_something() -> None:
    found = dealt([Claimed(section("A", 2, 2), 1), Claimed(section("B", 3), 1)], 5, 900)
    assert shown(found) == [[1, 0], [1]]


def test_the_first_page_has_a_measure_of_its_own() -> None:
    told, aims = section("Story", 4, first=True), section("Goals", 6, first=True)
    found = dealt([Claimed(told, 4, lasting=True), Claimed(aims, 4), Claimed(section("Risks", 6), 2)], 900, 75)
    assert shown(found) == [[4], [3], [6]]


def test_a_first_page_that_cannot_be_cut_does_not_keep_the_rest_from_being_cut() -> None:
    claimed = [Claimed(section("Story", 4, first=True), 4, lasting=True), Claimed(section("Risks", 6), 4), Claimed(section("Dates", 6), 1)]
    found = dealt(claimed, 90, 20)
    assert shown(found) == [[4], [3], [1]]
    assert words_of(found) <= 90
