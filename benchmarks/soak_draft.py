"""Kill a process that keeps changing a draft, and have two edit one draft at once: nothing saved may be lost.

``python benchmarks/soak_draft.py [KILLS] [CHANGES] [SEED]``

Killed: a process types into a client's form without pause and writes the draft 0.3 seconds after a change, as the
form does; it tells over a pipe each change as it is made. It is killed outright at 200 random moments. Each time
the draft opens afterwards and holds every change made more than a second before.

Together: two processes make 2,000 changes each to one draft, once in fields of their own, once in the same fields,
settling each clash one way or the other. Each change is in the draft, or was shown in a clash, or was written over by
somebody who had seen it. Exits 1 at anything else.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import random
import shutil
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TextIO

from toolkit.errors import AlignError
from toolkit.intake.document import at
from toolkit.intake.draft import Draft
from toolkit.shipped import shipped

SLUG = "meridian-manufacturing"
SAVES = 0.3  # seconds from a change to its saving, as in the form
FORK = multiprocessing.get_context("fork")  # so that no process needs to import everything anew
OWN = ("facts", "profile")
SHARED = [("facts", "profile", name) for name in ("sector", "country", "it_lead", "business_lead")]


def put_client(folder: Path) -> Path:
    """Put the sample into a folder for clients, and return that folder."""
    shutil.copytree(shipped("client_data") / SLUG, folder / SLUG, dirs_exist_ok=True)
    return folder


# In a process of its own.


def type_for_ever(clients: Path, begin: int, pipe: int) -> None:
    """Change the draft every few milliseconds and save as the form does; tell each change with its time."""
    tell = os.fdopen(pipe, "w", buffering=1)
    draft, due = Draft(clients, SLUG), 0.0
    number = begin
    print("open", file=tell)
    while True:
        number += 1
        path = (*OWN, "sector") if number % 3 else ("facts", "goals", f"g{number}")
        draft.change(path, f"typed {number}" if number % 3 else {"id": f"g{number}"}, again=True)
        print(number, time.monotonic(), file=tell)
        due = due or time.monotonic() + SAVES
        if time.monotonic() >= due:
            draft.sync()
            due = 0.0
        time.sleep(0.002)


def edit_together(clients: Path, me: str, changes: int, same: bool, seed: int, ready: Barrier) -> None:
    """Make changes and save after each few; tell in a file what was seen, what was written, and what clashed."""
    draw, draft = random.Random(f"{me}{seed}"), Draft(clients, SLUG)
    ready.wait(60)  # both begin at once
    with (clients / f"told-{me}.txt").open("w", encoding="utf-8") as tell:
        for number in range(changes):
            path = draw.choice(SHARED) if same else ("facts", "goals", f"{me}-{draw.randrange(200)}")
            value = f"{me}{number}" if same else {"id": path[-1], "name": f"{me}{number}"}
            saw = at(draft.document, path) if same else "-"
            print("saw", path[-1], saw, "wrote", f"{me}{number}", file=tell)
            draft.change(path, value)
            if draw.random() < 0.5:
                _save(draft, draw, tell)
        _save(draft, draw, tell)


def _save(draft: Draft, draw: random.Random, tell: TextIO) -> None:
    _sync(draft)
    while draft.clash:
        for one in draft.clash.conflicts:
            print("clash", one.path[-1], one.mine, one.theirs, file=tell)
        with contextlib.suppress(AlignError):  # settled it is; saving tries again
            draft.settle(mine=draw.random() < 0.5)
        _sync(draft)


def _sync(draft: Draft) -> None:
    """Save as the form does: where the other one holds on to the draft, again."""
    for _ in range(20):
        time.sleep(0.005)  # the form waits 0.3 seconds; without any pause one could keep the other out
        with contextlib.suppress(AlignError):
            draft.sync()
            return
    raise SystemExit("the draft could not be written in 100 seconds")


# Killed.


@dataclass
class Loss:
    """The most that one kill took away.

    Attributes
    ----------
    changes : int
        How many of the last changes were not on disk.
    seconds : float
        How long before the kill the earliest of them had been made.
    """

    kills: int = 0
    changes: int = 0
    seconds: float = 0.0
    broken: list[str] = field(default_factory=list)


def killed(clients: Path, kills: int, seed: int) -> Loss:
    """Kill the typing process at random moments; return the worst that was found afterwards."""
    draw, loss, begin = random.Random(seed), Loss(), 0
    for _ in range(kills):
        end, start = os.pipe()
        typist = FORK.Process(target=type_for_ever, args=(clients, begin, start))
        typist.start()
        os.close(start)
        with os.fdopen(end) as told:
            if told.readline() != "open\n":
                loss.broken.append("the process that types did not open the draft")
                break
            time.sleep(draw.uniform(0.05, 1.2))
            typist.kill()
            died = time.monotonic()
            made = dict(map(str.split, told.read().splitlines()[:-1] or [f"{begin} 0"]))
        typist.join()
        loss.kills += 1
        _look(clients, {int(number): float(when) for number, when in made.items()}, begin, died, loss)
        begin = max(map(int, made))
    return loss


def _look(clients: Path, made: dict[int, float], begin: int, died: float, loss: Loss) -> None:
    """Open the draft and compare it with what was made since it was last opened."""
    try:
        draft = Draft(clients, SLUG)
    except Exception as error:
        loss.broken.append(f"the draft did not open: {error!r}")
        return
    said = str(at(draft.document, (*OWN, "sector")) or "")
    goals = {one["id"] for one in at(draft.document, ("facts", "goals"))}
    typed = int(said.removeprefix("typed ")) if said.startswith("typed ") else 0
    missing = [n for n in made if n > begin and (f"g{n}" not in goals if n % 3 == 0 else n > typed)]
    if missing:
        loss.changes = max(loss.changes, len(missing))
        loss.seconds = max(loss.seconds, died - made[min(missing)])
    for one in [id for id in goals if id.startswith("g") and id[1:].isdigit()]:
        draft.change(("facts", "goals", one), None)  # or the draft grows with each round
    draft.sync()


# Together.


@dataclass
class Together:
    """What two processes did to one draft.

    Attributes
    ----------
    lost : list of str
        Changes that are nowhere, though no clash showed them and nobody who wrote over them had seen them.
    """

    changes: int = 0
    clashes: int = 0
    seconds: float = 0.0
    lost: list[str] = field(default_factory=list)


def together(clients: Path, changes: int, same: bool, seed: int) -> Together:
    """Let two processes edit one draft at once, in the same fields or each in its own."""
    ready = FORK.Barrier(2)
    writers = [
        FORK.Process(target=edit_together, args=(clients, me, changes, same, seed, ready)) for me in "ab"
    ]
    begun = time.monotonic()
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    found = Together(seconds=time.monotonic() - begun)
    if any(one.exitcode for one in writers):
        found.lost.append("a process that edits ended with an error")
    told = [(clients / f"told-{me}.txt").read_text(encoding="utf-8").splitlines() for me in "ab"]
    draft = Draft(clients, SLUG)
    final = {path[-1]: str(at(draft.document, path)) for path in SHARED}
    final |= {one["id"]: one.get("name", "") for one in at(draft.document, ("facts", "goals"))}
    last: dict[tuple[str, str], str] = {}
    accounted: set[tuple[str, str]] = set(final.items())
    for lines in told:
        for line in lines:
            words = deque(line.split())
            if words.popleft() == "clash":
                found.clashes += 1
                accounted |= {(words[0], value) for value in words}
            else:
                where, wrote = words[0], words[-1]
                accounted.add((where, words[1]))  # what was seen there before it was written over
                last[where, wrote[0]] = wrote
                found.changes += 1
    # Of each field, the last that each process wrote: everything before it was written over by its own hand.
    found.lost += [
        f"{where}: {wrote}" for (where, _), wrote in last.items() if (where, wrote) not in accounted
    ]
    return found


def soak(folder: Path, kills: int, changes: int, seed: int) -> tuple[Loss, Together, Together]:
    """Run all three proofs in a folder; return what was found."""
    loss = killed(put_client(folder / "killed"), kills, seed)
    apart = together(put_client(folder / "apart"), changes, False, seed)
    same = together(put_client(folder / "same"), changes, True, seed)
    return loss, apart, same


def failures(loss: Loss, apart: Together, same: Together) -> list[str]:
    """Return in words what must not be."""
    found = [*loss.broken, *apart.lost, *same.lost]
    found += ["a change made more than a second before was lost"] if loss.seconds > 1 else []
    found += ["fields of one's own clashed"] if apart.clashes else []
    return found


def main(arguments: list[str]) -> int:
    """Run the proofs and print what was found."""
    kills, changes, seed = (
        int(given) for given in [*arguments, *("200", "2000", "20261124")[len(arguments) :]]
    )
    with tempfile.TemporaryDirectory() as folder:
        loss, apart, same = soak(Path(folder), kills, changes, seed)
    print(f"killed {loss.kills} times: at most {loss.changes} changes lost, the earliest made {loss.seconds:.2f} s before")  # fmt: skip
    print(f"two processes, own fields: {apart.changes} changes in {apart.seconds:.0f} s, {apart.clashes} clashes, {len(apart.lost)} lost")  # fmt: skip
    print(f"two processes, same fields: {same.changes} changes in {same.seconds:.0f} s, {same.clashes} places clashed, {len(same.lost)} lost")  # fmt: skip
    found = failures(loss, apart, same)
    found += [] if same.clashes else ["the same fields never clashed: the proof is void"]
    print("\n".join(found[:20]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
