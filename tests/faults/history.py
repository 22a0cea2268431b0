"""The record of a run: what was sent, what arrived where, which lines there were.

Append-only, in the order things happened; times are seconds of one monotonic clock.
"""
import dataclasses
import json
import threading
import time

ACKNOWLEDGED = "acknowledged"  # answered with success
REFUSED = "refused"            # answered with 4xx, or never reached the server
UNKNOWN = "unknown"            # no answer, or 5xx: it may have happened


@dataclasses.dataclass
class Send:
    """One message, however often it was tried, or one recall."""
    sender: int
    text: str                    # unique; of a recall: what it takes back
    recipients: tuple            # who is to get it
    invoked: float
    is_recall: bool = False
    ended: float | None = None
    outcome: str = UNKNOWN
    uuid: str = ""               # what the answer called it
    uuids: set = dataclasses.field(default_factory=set)  # all that answers called it


@dataclasses.dataclass
class Line:
    """One connection of a user."""
    number: int
    user: int
    is_new: bool                 # acknowledges by itself
    opened: float
    ended: float | None = None
    how: str = ""


@dataclasses.dataclass
class Receipt:
    """One message frame that a client has read."""
    user: int
    line: int
    at: float
    uuid: str
    is_recall: bool
    body: dict
    place: tuple | None = None   # (conversation, seq), where the frame has it
    ponged: float | None = None  # when a ping behind it was answered


class History:
    def __init__(self):
        self.lock = threading.Lock()
        self.sends, self.lines, self.receipts = [], [], []
        self.troubles = []       # (from, to): when the server could not write
        self.events = []         # (at, what was done): for people

    def now(self):
        return time.monotonic()

    def event(self, text):
        with self.lock:
            self.events.append((self.now(), text))

    def send(self, sender, text, recipients, is_recall=False):
        with self.lock:
            one = Send(sender, text, tuple(recipients), self.now(), is_recall)
            self.sends.append(one)
            return one

    def answer(self, send, outcome, uuid=""):
        with self.lock:
            send.ended, send.outcome = self.now(), outcome
            if uuid:
                send.uuid = uuid
                send.uuids.add(uuid)

    def open_line(self, user, is_new):
        with self.lock:
            line = Line(len(self.lines), user, is_new, self.now())
            self.lines.append(line)
            return line

    def end_line(self, line, how):
        with self.lock:
            if line.ended is None:
                line.ended, line.how = self.now(), how

    def receive(self, line, frame):
        message = frame["data"]
        place = (frame["conversation"], frame["seq"]) if "seq" in frame else None
        with self.lock:
            receipt = Receipt(line.user, line.number, self.now(), message["id"],
                              message.get("actionType") == "revoke", message, place)
            self.receipts.append(receipt)
            return receipt

    def dump(self, file):
        """One JSON object a line, in the order of time."""
        lines = [(at, {"event": text}) for at, text in self.events]
        for kind, ones, key in (("send", self.sends, "invoked"), ("line", self.lines, "opened"),
                                ("receipt", self.receipts, "at")):
            for one in ones:
                lines.append((getattr(one, key), {kind: vars(one)}))
        for at, what in sorted(lines, key=lambda line: line[0]):
            file.write(json.dumps({"at": round(at, 4), **what}, ensure_ascii=False,
                                  default=sorted) + "\n")
