"""As many answers at once as there are cores, first come first served."""

from __future__ import annotations

from threading import Event, Thread

import pytest

from assistant.turns import Turns


def test_who_came_first_is_next_and_no_more_than_so_many_have_a_turn_at_once() -> None:
    turns, order, inside = Turns(1), list[int](), list[int]()
    hold, queued = Event(), [Event() for _ in range(4)]

    def come(number: int) -> None:
        queued[number].set()
        with turns:
            inside.append(number)
            assert inside == [number]
            order.append(number)
            if number == 0:
                hold.wait(20)
            inside.remove(number)

    threads = []
    for number in range(4):
        threads.append(Thread(target=come, args=(number,)))
        threads[-1].start()
        assert queued[number].wait(20)
        while number and len(turns._queue) < number:
            pass  # the one before stands in the queue
        while not number and not order:
            pass
    hold.set()
    for thread in threads:
        thread.join(20)
    assert order == [0, 1, 2, 3]


def test_who_has_a_turn_takes_another_inside_it_and_a_failure_gives_it_back() -> None:
    turns = Turns(1)
    for _ in range(2):
        try:
            with turns, turns:
                raise ValueError
        except ValueError:
            pass
    with turns:
        pass


def test_the_pace_follows_the_latest_turns() -> None:
    moments = iter([0.0, 1.0, 5.0, 7.0])
    turns = Turns(2, lambda: next(moments))
    assert turns.pace_s == 0
    with turns:
        pass
    assert turns.pace_s == 0.5  # two at once, a second each
    with turns:
        pass
    assert turns.pace_s == 0.6


def test_how_long_a_crowd_made_turns_last_is_forgotten_when_it_is_gone() -> None:
    clock = [0.0]
    turns = Turns(1, lambda: clock[0])

    def take(seconds: float) -> None:
        with turns:
            clock[0] += seconds

    take(0.1)
    with turns:
        waiting = Thread(target=take, args=(4.0,))
        waiting.start()
        while not turns._queue:
            pass
        clock[0] += 4.0
    waiting.join(20)
    assert turns.pace_s == pytest.approx(0.1)
