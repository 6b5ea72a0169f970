"""Save to one client from many processes at once, and kill a save at random moments.

``python benchmarks/soak_store.py [FOLDER]`` works in a new folder inside FOLDER (the current one unless
named, for it should be on a real disk) and takes some minutes:

- 8 writers make 1,000 saves each. A save adds one to a count that stands in two files, and is tried
  again from a new reading when someone else was first. Two readers load the client all the while. No
  reading may ever find two counts, or a smaller one than before, and the last is the number of saves.
- A process that saves four files over and over is killed 200 times. Each time the record is, byte for
  byte, as the last save that returned left it or as the one in progress would have; it loads, the next
  save works, and nothing of the killed one is left.

Prints figures; exits 1 on any failure.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from toolkit.client.store import create, load, read_files, read_record, save
from toolkit.errors import ConflictError

CLIENT = "soak"
FACTS, TABLE, ACTIONS, SCENARIO = "client.yaml", "initiatives.csv", "actions.csv", "scenarios/cut.yaml"
COUNT = re.compile(rb"Count (\d+)")
USUAL = {FACTS, TABLE, ACTIONS, "scenarios", "history", ".lock", ".saved"}


def version(number: int, words: int = 0) -> dict[str, bytes]:
    """Return a record that carries a number in each of its files, as long as that many words."""
    mark = f"Count {number}"
    ballast = "# " + "word " * words + "\n" if words else ""
    return {
        FACTS: f"{ballast}profile: {{name: {mark}}}\nrounds:\n- {{id: r, as_of: 2026-12-31}}\n".encode(),
        TABLE: f"id,name\na,{mark}{' word' * (words // 100)}\n".encode(),
        ACTIONS: f"id,round,action,due,status\na,r,{mark},2027-02-01,open\n".encode(),
        SCENARIO: f"{ballast}id: cut\nname: {mark}\nround: r\n".encode(),
    }


def two_files(number: int) -> dict[str, bytes]:
    """Return the two files that carry the count in the first part."""
    return {name: data for name, data in version(number).items() if name in (FACTS, TABLE)}


def counts(files: dict[str, bytes]) -> list[int]:
    """Return the count in each file."""
    return [int(found[1]) for data in files.values() if (found := COUNT.search(data))]


def write(clients: Path, times: int) -> dict[str, int]:
    """Add one to the count so many times, trying again whenever someone else was first."""
    conflicts = 0
    for _ in range(times):
        while True:
            try:
                files = read_files(clients, CLIENT)
                save(clients, CLIENT, two_files(counts(files)[0] + 1), files)
                break
            except ConflictError:
                conflicts += 1
    return {"saves": times, "conflicts": conflicts}


def read(clients: Path, until: Path) -> dict[str, int]:
    """Load the client until a file appears; count the readings, and those that no save can have left."""
    readings = torn = last = refused = 0
    while not until.exists():
        with contextlib.suppress(ConflictError):
            refused += 1
            record = load(clients, CLIENT)
            refused -= 1
            names = {record.facts.profile.name, record.initiatives[0].name}
            number = min(int(one.split()[1]) for one in names)
            torn += len(names) != 1 or number < last
            readings, last = readings + 1, number
    return {"readings": readings, "torn": torn, "refused": refused}


def keep_saving(clients: Path, words: int) -> None:
    """Save version after version, and say the number of each once it is saved."""
    files = read_files(clients, CLIENT)
    number = counts(files)[0]
    print(number, flush=True)
    while True:
        number += 1
        changed = version(number, words)
        save(clients, CLIENT, changed, files)
        files = files | changed
        print(number, flush=True)


def started(*arguments: object) -> subprocess.Popen[str]:
    """Start this script as another process, in one of its roles."""
    command = [sys.executable, __file__, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def said(process: subprocess.Popen[str], seconds: float) -> dict[str, int]:
    """Return what a process counted; RuntimeError when it failed."""
    out, errors = process.communicate(timeout=seconds)
    if process.returncode:
        raise RuntimeError(errors)
    return json.loads(out)


def crowd(clients: Path, writers: int, times: int, readers: int = 2) -> dict[str, int]:
    """Let many write and read at once, and return what they counted."""
    create(clients, CLIENT, two_files(0))
    done = clients / "done"
    reading = [started("read", clients, done) for _ in range(readers)]
    try:
        writing = [started("write", clients, times) for _ in range(writers)]
        told = [said(one, 3_600) for one in writing]
        done.touch()
        told += [said(one, 60) for one in reading]
    finally:
        for one in [*reading, *writing]:
            one.kill()
    total = {key: sum(one.get(key, 0) for one in told) for one in told for key in one}
    counted = counts(read_files(clients, CLIENT))
    kept = len(list((clients / CLIENT / "history").iterdir()))
    return total | {"count": counted[0], "agree": len(set(counted)) == 1, "kept": kept}


def kills(clients: Path, times: int, seed: int = 5) -> dict[str, int]:
    """Kill a process that saves, at random moments, and return how the record stood after each."""
    dice = random.Random(seed)
    before = version(0)
    create(clients, CLIENT, before)
    tally = {"old": 0, "new": 0, "wrong": 0, "waiting": 0, "uncounted": 0, "left behind": 0}
    for turn in range(times):
        words = (0, 4_000, 40_000)[turn % 3]
        saver = started("keep-saving", clients, words)
        assert saver.stdout is not None
        start = int(saver.stdout.readline())
        time.sleep(dice.uniform(0.0, 0.1))
        saver.kill()
        last = int((saver.communicate()[0].split() or [start])[-1])
        folder = clients / CLIENT
        left = [one for one in folder.glob(".saving-*") if one.is_dir()]
        counted = (folder / ".saved").read_text().split()[0] if (folder / ".saved").exists() else ""
        tally["waiting"] += any(one.name == f".saving-{counted}" for one in left)
        tally["uncounted"] += any(one.name != f".saving-{counted}" for one in left)
        files = read_files(clients, CLIENT)
        load(clients, CLIENT)
        number = counts(files)[0]
        old = version(last, words) if last > start else before
        # By what they say: a save leaves the style of a file that is there as it was.
        stood, new = read_record(CLIENT, files), version(last + 1, words)
        outcome = next(
            (name for name, data in (("old", old), ("new", new)) if stood == read_record(CLIENT, data)),
            "wrong",
        )
        tally[outcome] += 1
        before = version(number + 1)
        save(clients, CLIENT, before, files)
        tally["left behind"] += {one.name for one in folder.iterdir()} != USUAL
        tally["wrong"] += load(clients, CLIENT) != read_record(CLIENT, before)
    return tally


def main(folder: Path, writers: int = 8, times: int = 1_000, deaths: int = 200) -> int:
    with tempfile.TemporaryDirectory(dir=folder, prefix="soak-store-") as here:
        begun = time.perf_counter()
        crowded = crowd(Path(here), writers, times)
        seconds = time.perf_counter() - begun
    print(f"{writers} writers, {times:,} saves each, in {seconds:.0f} s ({seconds / (writers * times) * 1000:.1f} ms a save):")  # fmt: skip
    print(f"  {crowded}")
    with tempfile.TemporaryDirectory(dir=folder, prefix="soak-store-") as here:
        begun = time.perf_counter()
        killed = kills(Path(here), deaths)
    print(f"{deaths} kills in {time.perf_counter() - begun:.0f} s:\n  {killed}")
    sound = (
        crowded["saves"] == crowded["count"] == writers * times
        and crowded["agree"]
        and crowded["readings"] > 0
        and crowded["torn"] == crowded["refused"] == 0
        and crowded["kept"] == 2 * writers * times
        and killed["old"] + killed["new"] == deaths
        and killed["wrong"] == killed["left behind"] == 0
    )
    print("sound" if sound else "NOT SOUND")
    return 0 if sound else 1


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["write", clients, times]:
            print(json.dumps(write(Path(clients), int(times))))
        case ["read", clients, until]:
            print(json.dumps(read(Path(clients), Path(until))))
        case ["keep-saving", clients, words]:
            keep_saving(Path(clients), int(words))
        case [*named]:
            sys.exit(main(Path(named[0]) if named else Path()))
