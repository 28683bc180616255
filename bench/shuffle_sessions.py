"""Shuffles the items inside each session of a log, for bench/shuffled.sh: who acted when stays, what came in which
order inside a session goes.

    shuffle_sessions.py LOG.csv[.gz] GAP SEED > shuffled.csv

A session is a stretch of one user's events, in time order, without a pause of more than GAP seconds; with GAP 0 it is a
basket, the events of one timestamp. Rows stay where they are and keep all columns but item_id. Equal arguments give
equal bytes. Says on standard error how many events can have moved.
"""

import csv
import gzip
import random
import sys


def sessions(rows, gap):
    """Lists of row numbers. Equal times keep the file's order, as sotto does."""
    by_user = {}
    for number, row in enumerate(rows):
        by_user.setdefault(row["user_id"], []).append(number)
    for numbers in by_user.values():
        numbers.sort(key=lambda number: float(rows[number]["timestamp"]))
        session = []
        for number in numbers:
            if session and float(rows[number]["timestamp"]) - float(rows[session[-1]]["timestamp"]) > gap:
                yield session
                session = []
            session.append(number)
        yield session


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    file, gap, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    with (gzip.open if file.endswith(".gz") else open)(file, "rt", encoding="utf-8", newline="") as log:
        table = csv.DictReader(log)
        columns = table.fieldnames
        rows = list(table)
    chance = random.Random(seed)
    count = movable = 0
    for session in sessions(rows, gap):
        count += 1
        movable += len(session) if len(session) > 1 else 0
        items = [rows[number]["item_id"] for number in session]
        chance.shuffle(items)
        for number, item in zip(session, items):
            rows[number]["item_id"] = item
    out = csv.DictWriter(sys.stdout, columns, lineterminator="\n")
    out.writeheader()
    out.writerows(rows)
    print(f"{count} sessions, {movable / len(rows):.0%} of {len(rows)} events in one with others", file=sys.stderr)


main()
