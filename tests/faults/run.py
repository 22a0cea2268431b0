#!/usr/bin/env python3
"""The fault run: many clients talk while their lines break and the server dies.

    run.py [--full] [--seed N] [--seconds N] [--clients N] [--keep FILE]

Prints what was acknowledged, lost, duplicated and reordered; exit status 0 only when
everything is as checker.py demands. Otherwise it names the seed and leaves the history.
"""
import argparse
import collections
import pathlib
import random
import sys
import tempfile
import threading
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "process"))

import checker  # noqa: E402
import history as records  # noqa: E402
import message_log  # noqa: E402
import people  # noqa: E402
import trouble  # noqa: E402

SETTLE_TIME = 60   # seconds until everybody must have everything
LAST_CALL = 2.0    # seconds in which nothing may come any more
FLUSH = 1.0        # seconds until cursors are written
NEW_SHARE = 0.4    # of the clients
SMALL_BUFFER = 4096


class Run:
    def __init__(self, options):
        self.seed = options.seed
        self.options = options
        self.random = random.Random(self.seed)
        self.history = records.History()
        self.is_quiet = threading.Event()  # nobody writes any more
        self.is_over = threading.Event()
        self.calm = options.calm           # seconds between mishaps of a line
        self.think = options.think         # seconds between messages of a client
        self.crashes = []                  # of our own threads
        self.server = trouble.TroubledServer()
        self.port = self.server.port
        self.kills = self.fills = self.turns = 0

    def guard(self, work):
        try:
            work()
        except Exception:  # noqa: BLE001 - a client that crashes makes the run worthless
            self.crashes.append(traceback.format_exc())
            self.is_quiet.set()

    def receive_buffer(self, person):
        return SMALL_BUFFER if person.number % 4 == 0 else None

    # --- Who there is ---

    def cast(self):
        count = self.options.clients
        self.people = [people.Person(self, i, is_new=i % 10 < NEW_SHARE * 10, writes=i % 5 != 4)
                       for i in range(count)]
        self.ids = [person.id for person in self.people]
        self.members = {}
        self.groups_of = collections.defaultdict(list)
        for size in (3, 5, 8, count):
            self.make_group(self.random.sample(self.people, min(size, count)))
        for person in self.people:
            if not self.groups_of[person.id]:
                self.make_group([person, *(one for one in self.people[:2] if one is not person)])

    def make_group(self, members):
        owner, first, *others = members
        if not any(one.get("friend_id") == first.id for one in self.friends_of(owner)):
            owner.account.befriend(first.account)
        row = owner.account.friend_row(first.account)
        before = {group["id"] for group in owner.account.get("grouplist/1?limit=200")}
        owner.account.post("group/create", {"userIds": [row]})
        group = next(one["id"] for one in owner.account.get("grouplist/1?limit=200")
                     if one["id"] not in before)
        for person in others:
            person.account.post("groupInviteUser", {
                "group_id": group, "user_id": person.id, "inviteuser_id": -1})
        self.members[group] = {person.id for person in members}
        for person in members:
            self.groups_of[person.id].append(group)

    @staticmethod
    def friends_of(person):
        rows = person.account.get("goodfriendlist/1")["rows"]
        return [one for letter in rows["newList"] for one in letter["list"]] if rows else []

    # --- What happens ---

    def trouble(self):
        """Until the time is up; leaves the server running and well."""
        end = time.monotonic() + self.options.seconds
        happenings = [self.kill, self.kill, self.fill_disk]
        if self.server.has_a_clock_to_turn:
            happenings.append(self.turn_clock)
        next_one = self.shuffled(happenings)
        while time.monotonic() < end and not self.is_quiet.is_set():
            self.is_quiet.wait(self.random.uniform(1.5, 4.5))
            next(next_one)()
            if not self.server.is_running():
                raise RuntimeError("the server died by itself:\n" + self.server.log()[-4000:])
        if self.server.has_a_clock_to_turn:
            self.server.turn_clock(0)

    def shuffled(self, ones):
        """All of them, again and again, each time in another order."""
        while True:
            yield from self.random.sample(ones, len(ones))

    def kill(self):
        self.history.event("the server is killed")
        self.kills += 1
        self.server.kill()
        self.is_quiet.wait(self.random.uniform(0, 1))
        self.server.start()
        self.history.event("the server has started")

    def fill_disk(self):
        self.fills += 1
        start = self.history.now()
        self.history.event("the disk is full")
        self.server.fill_disk(self.random.choice([0, 100, 5_000, 50_000]))
        self.is_quiet.wait(self.random.uniform(0.5, 2))
        if self.random.random() < 0.3:
            self.history.event("the server is killed on a full disk")
            self.server.kill()
            self.server.start()
        else:
            self.server.free_disk()
        self.history.troubles.append((start, self.history.now()))
        self.history.event("the disk has room again")

    def turn_clock(self):
        self.turns += 1
        seconds = self.random.choice([-7200, -60, -1, 0, 1, 60, 7200])
        self.history.event("the clock is %d s off" % seconds)
        self.server.turn_clock(seconds)

    # --- How it ends ---

    def settle(self):
        """Nobody writes or breaks anything any more; everybody gets the rest."""
        self.is_quiet.set()
        for person in self.people:
            person.is_settled = True
        self.until(lambda: all(not thread.is_alive() for person in self.people
                               for thread in person.threads[1:]), lambda: "writers wait for answers")
        rows, _ = message_log.read(self.server.database)
        due = collections.Counter(user for row in rows for user in row.recipients)
        self.until(lambda: not self.waiting(due), lambda: "still missing: %s" % self.waiting(due))
        for person in self.people:
            if person.is_new and person.line and person.unacknowledged:
                person.line.acknowledge()
        self.until(lambda: all(person.line and person.line.is_covered() for person in self.people),
                   lambda: "no pings behind the last messages")

    def waiting(self, due):
        """Who misses how much."""
        with self.history.lock:
            got = collections.defaultdict(set)
            for one in self.history.receipts:
                got[one.user].add((one.uuid, one.is_recall))
        return {user: count - len(got[user]) for user, count in due.items()
                if len(got[user]) < count}

    def until(self, condition, what):
        """Says so when it does not come true; the checker finds the consequences."""
        deadline = time.monotonic() + SETTLE_TIME
        while not condition():
            if time.monotonic() > deadline or self.crashes:
                print("after %d s: %s" % (SETTLE_TIME, what()))
                return
            time.sleep(0.1)

    def last_call(self):
        """Everybody has everything: after one more kill nothing may come again."""
        self.is_over.wait(max(FLUSH, checker.GRACE))
        self.kill()
        self.until(lambda: all(person.line and not person.line.ended.is_set()
                               for person in self.people), lambda: "somebody does not come back")
        self.is_over.wait(LAST_CALL)

    def check(self):
        status = self.server.stop()
        rows, complaints = message_log.read(self.server.database)
        verdict = checker.check(self.history, rows)
        verdict.wrong += complaints
        if status != 0:
            verdict.wrong.append("the server stopped with status %d" % status)
        verdict.wrong += ["a line of user %d: %s" % pair for pair in self.violations]
        return verdict

    @property
    def violations(self):
        return [(person.id, line.client.violation) for person in self.people
                for line in person.lines if line.client.violation]

    def play(self):
        self.cast()
        for person in self.people:
            person.start()
        try:
            self.trouble()
            self.settle()
            self.last_call()
        finally:
            self.is_quiet.set()
            self.is_over.set()
        stuck = [person.number for person in self.people if not person.join(people.REQUEST_TIME)]
        verdict = self.check()
        verdict.wrong += ["client %d does not end" % number for number in stuck]
        verdict.wrong += self.crashes
        return verdict


def options_of(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="ten minutes, more clients")
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--seconds", type=float, default=None, help="of trouble")
    parser.add_argument("--clients", type=int, default=None)
    parser.add_argument("--calm", type=float, default=3.0, help="seconds between a line's mishaps")
    parser.add_argument("--think", type=float, default=0.12, help="seconds between a client's messages")
    parser.add_argument("--keep", help="where the history goes, also after a good run")
    options = parser.parse_args(arguments)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1 << 32)
    options.seconds = options.seconds or (600 if options.full else 30)
    options.clients = options.clients or (40 if options.full else 20)
    return options


def keep(run, path):
    path = pathlib.Path(path or tempfile.mkstemp(prefix="qn-history-", suffix=".jsonl")[1])
    with path.open("w") as file:
        run.history.dump(file)
    print("history: %s" % path)


def main():
    options = options_of(sys.argv[1:])
    print("seed %d, %d clients, %g s" % (options.seed, options.clients, options.seconds), flush=True)
    started = time.monotonic()
    run = Run(options)
    try:
        verdict = run.play()
    finally:
        run.server.close()
    lines = [line for line in run.history.lines if line.how != people.REFUSED]
    unknown = [send for send in run.history.sends if send.outcome == records.UNKNOWN]
    turns = str(run.turns) if run.server.has_a_clock_to_turn else "0 (libfaketime is missing)"
    print("kills %d, full disks %d, turns of the clock %s, lines %d, receipts %d, "
          "unknown answers %d, %d s" % (
              run.kills, run.fills, turns, len(lines), len(run.history.receipts), len(unknown),
              time.monotonic() - started))
    print("\n".join(verdict.details()))
    if not verdict.is_good or options.keep:
        keep(run, options.keep)
    if not verdict.is_good:
        print("again with --seed %d" % options.seed)
    print(verdict.summary())
    return 0 if verdict.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
