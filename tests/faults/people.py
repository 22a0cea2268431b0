"""Clients of the fault run: they write, listen, lose their lines and come back.

An *old* one is the reference's client: it opens a socket, asks for what it missed,
answers pings, stores by arrival. A *new* one connects with ack=1, acknowledges now and
then, and after a break sends its acknowledgements first and then asks. Everything either
does is drawn from the seed; when it happens is up to the machine.
"""
import json
import random
import threading
import urllib.parse
import uuid

import chat
import history as records
import ws_client

PAUSE = 0.15         # seconds before the next attempt to connect
REQUEST_TIME = 20
LONG_TEXT = 8_000
REFUSED = "refused"    # how a line ended that never opened
# What a client does to its line, and how often relative to the others.
MISHAPS = {"reset": 4, "abandon": 3, "close": 3, "half_close": 2, "stall": 4, "dead": 3,
           "second": 3, "close_unread": 2}


class Person:
    """One client with a thread for its line and, if it writes, one for its messages."""

    def __init__(self, run, number, is_new, writes):
        self.run = run
        self.history = run.history
        self.random = random.Random("%s/%d/line" % (run.seed, number))
        self.pen = random.Random("%s/%d/pen" % (run.seed, number))
        self.number = number
        self.is_new = is_new
        self.writes = writes
        self.account = chat.register(run.port, "client_%03d" % number, keep=True)
        self.account.let_write(2)
        self.listening = self.account.on_another_connection()
        self.lock = threading.Lock()
        self.places = {}       # of a new one: conversation -> seq it has come to
        self.unacknowledged = False
        self.line = None       # the newest
        self.lines = []
        self.is_settled = False  # no more mishaps
        self.threads = []

    @property
    def id(self):
        return self.account.id

    def start(self):
        for work in (self.keep_connected, *([self.keep_writing] if self.writes else [])):
            thread = threading.Thread(target=self.run.guard, args=(work,), daemon=True)
            thread.start()
            self.threads.append(thread)

    def join(self, seconds):
        for thread in self.threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self.threads)

    # --- The line ---

    def keep_connected(self):
        while not self.run.is_over.is_set():
            line = self.line
            if line is None or line.ended.is_set():
                line = self.connect()
            if line is None:
                self.run.is_over.wait(PAUSE * self.random.uniform(1, 2))
            elif self.is_settled:
                line.ended.wait(0.1)
            else:
                self.live_on(line)
        for line in self.lines:
            line.abandon("over")

    def connect(self):
        """A line whose client has asked for what it missed, or None."""
        try:
            line = Line(self)
        except (OSError, ws_client.Refused) as error:
            self.note_refusal(error)
            return None
        self.line = line
        self.lines.append(line)
        if self.is_new:
            if self.places:
                line.acknowledge()
            line.client.send_text('{"type":"sync"}')
            return line
        try:
            self.listening.fetch_missed(REQUEST_TIME)
        except (chat.Unanswered, chat.Refusal):
            line.abandon("nobody answers")
            return None
        return line

    def note_refusal(self, error):
        if isinstance(error, ws_client.Refused) and error.status != 503:
            raise error

    def live_on(self, line):
        """Listens for a while, then something happens to the line."""
        if line.ended.wait(self.random.expovariate(1 / self.run.calm)) or self.is_settled:
            return
        mishap = self.random.choices(list(MISHAPS), list(MISHAPS.values()))[0]
        getattr(self, mishap)(line)

    def reset(self, line):
        line.reset()

    def abandon(self, line):
        line.abandon("abandon")

    def close(self, line):
        line.close()

    def close_unread(self, line):
        """Closes politely while there is something it has not read."""
        line.client.stop_reading()
        self.run.is_over.wait(self.random.uniform(0.05, 0.5))
        line.close()

    def half_close(self, line):
        line.client.half_close()
        if not line.ended.wait(5):
            line.abandon("half-closed and forgotten")

    def stall(self, line):
        """Reads nothing for a while, then goes on."""
        line.client.stop_reading()
        self.run.is_over.wait(self.random.uniform(0.1, 2))
        line.client.read_on()

    def dead(self, line):
        """Neither reads nor answers; the server learns of it later, or much later."""
        line.client.answers_pings = False
        line.client.stop_reading()
        self.run.is_over.wait(self.random.uniform(0.1, 2))
        if self.random.random() < 0.5:
            line.reset()
        else:  # comes back beside it, and only then the old one goes
            self.connect()
            self.run.is_over.wait(self.random.uniform(0.1, 1))
            line.reset()

    def second(self, line):
        """An old client opens another socket after a changed profile; the first goes later."""
        if self.is_new:
            line.reset()
        elif self.connect():
            self.run.is_over.wait(self.random.uniform(0.1, 1))
            line.abandon("there is a second one")

    # --- Writing ---

    def keep_writing(self):
        number = 0
        while not self.run.is_quiet.is_set():
            if self.run.is_quiet.wait(self.pen.expovariate(1 / self.run.think)):
                return
            number += 1
            self.write("c%d-m%d" % (self.number, number))

    def write(self, text):
        if self.pen.random() < 0.05:
            text += " " + "x" * self.pen.randrange(LONG_TEXT)
        if self.pen.random() < 0.5:
            group = self.pen.choice(self.run.groups_of[self.id])
            to, kind, recipients = group, "group", self.run.members[group] - {self.id}
        else:
            to, kind = self.pen.choice([one for one in self.run.ids if one != self.id]), "single"
            recipients = {to}
        send = self.history.send(self.id, text, recipients)
        message = self.attempt(send, lambda name: self.account.send(
            to, text, kind, REQUEST_TIME, client_msg_id=name))
        if message and self.pen.random() < 0.04:
            self.recall(message, text, recipients | ({self.id} if kind == "group" else set()))

    def recall(self, message, text, recipients):
        send = self.history.send(self.id, text, recipients, is_recall=True)
        self.attempt(send, lambda _: self.account.recall(message, REQUEST_TIME))

    def attempt(self, send, request):
        """A new client tries until it knows; an old one asks once."""
        name = str(uuid.UUID(int=self.pen.getrandbits(128))) if self.is_new else None
        worst = records.REFUSED
        while True:
            outcome, message, is_final = self.ask(request, name)
            if outcome == records.ACKNOWLEDGED:
                self.history.answer(send, outcome, message["id"])
                return message
            if outcome == records.UNKNOWN:
                worst = outcome
            self.history.answer(send, worst)
            if is_final or not self.is_new or self.run.is_over.wait(PAUSE):
                return None

    @staticmethod
    def ask(request, name):
        """(outcome, message, whether asking again is pointless)"""
        try:
            return records.ACKNOWLEDGED, request(name), True
        except chat.Refusal as refusal:
            if refusal.status < 500:
                return records.REFUSED, None, True
            return records.UNKNOWN, None, False
        except chat.Unanswered as error:
            never_reached = isinstance(error.__cause__, ConnectionRefusedError)
            return (records.REFUSED if never_reached else records.UNKNOWN), None, False


class Line:
    """One connection of a person, and its place in the history."""

    def __init__(self, person):
        self.person = person
        self.history = person.history
        self.open = threading.Event()
        self.ended = threading.Event()
        self.record = None
        self.receipts = []
        self.covered = 0     # of the receipts, behind which a ping was answered
        self.random = random.Random(person.random.random())
        token = urllib.parse.quote(person.account.token)
        with person.lock:
            self.record = self.history.open_line(person.id, person.is_new)
        try:
            self.client = ws_client.WsClient(
                person.run.port, "/ws?token=" + token + ("&ack=1" if person.is_new else ""),
                receive_buffer=person.run.receive_buffer(person), on_text=self.on_text,
                on_ponged=self.on_ponged, on_end=self.on_end)
        except BaseException:
            self.history.end_line(self.record, REFUSED)
            raise
        self.open.set()

    def on_text(self, text):
        frame = json.loads(text)
        if frame.get("type") == "singleChat" and frame["data"].get("group") != {}:
            with self.person.lock:
                self.receipts.append(self.history.receive(self.record, frame))
                self.keep_place(frame)
            self.maybe_acknowledge()

    def keep_place(self, frame):
        if self.person.is_new:
            conversation, seq = frame["conversation"], frame["seq"]
            places = self.person.places
            places[conversation] = max(seq, places.get(conversation, 0))
            self.person.unacknowledged = True

    def maybe_acknowledge(self):
        """Now and then, so that some are missing when the line breaks."""
        if self.person.is_new and self.open.is_set() and self.random.random() < 0.3:
            self.acknowledge()

    def acknowledge(self):
        with self.person.lock:
            acks = [list(pair) for pair in self.person.places.items()]
            self.person.unacknowledged = False
        self.client.send_text(json.dumps({"type": "ack", "acks": acks}))

    def on_ponged(self):
        now = self.history.now()
        for receipt in self.receipts[self.covered:]:
            receipt.ponged = now
        self.covered = len(self.receipts)

    def on_end(self, ending):
        self.history.end_line(self.record, "code %d" % ending.code)
        self.ended.set()

    def is_covered(self):
        """Everything that came has been acknowledged, one way or the other."""
        if self.person.is_new:
            return not self.person.unacknowledged
        return self.covered == len(self.receipts)

    def reset(self):
        self.history.end_line(self.record, "reset")
        self.client.reset()

    def abandon(self, why):
        self.history.end_line(self.record, why)
        self.client.abandon()

    def close(self):
        self.history.end_line(self.record, "closed by the client")
        self.client.close(1000)
        self.client.read_on()
        if not self.ended.wait(5):
            self.client.abandon()
