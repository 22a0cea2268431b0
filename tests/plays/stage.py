"""The words plays are written with: people, their lines, groups, the server.

A play is a test with several named clients against the real binary, one per rule of the
contract (chat-realtime.md). An *old* client is the reference's: it opens a socket, calls
chatGetmessageOffLine, answers protocol pings, never acknowledges and never removes
duplicates. A *new* client connects with ack=1, acknowledges what it gets, and after a
break sends its acknowledgements first and then asks for the rest. What a person
`receives` must be the very next message on their newest line.
"""
import contextlib
import itertools
import json
import pathlib
import sqlite3
import sys
import threading
import time
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "process"))

import chat  # noqa: E402
import ws_client  # noqa: E402

BOUND = 15  # seconds until what must happen has happened; the machine may be busy
FRIENDS_NOW = "我们已经是好友了，可以开始聊天了"
WELCOME = "欢迎您访问我们的系统！"
KICKED = {"msg": "force_logout", "data": "你的账号在其他设备登录"}
MESSAGE_KEYS = {"id", "from_avatar", "from_name", "from_id", "to_id", "to_name", "to_avatar",
                "chatType", "type", "data", "create_time", "isremove"}
TEXTS = ("from_avatar", "from_name", "to_name", "to_avatar")


def is_guide(message):
    """E17 and E18 alone have an empty group."""
    return message.get("group") == {}


def wrong_shape(frame, is_new):
    """What chat-realtime.md §2 and §4 forbid about a message frame, or None."""
    message = frame.get("data")
    keys = {"type", "data", "timestamp"}
    is_numbered = is_new and not (isinstance(message, dict) and is_guide(message))
    if set(frame) != (keys | {"conversation", "seq"} if is_numbered else keys):
        return "keys of the frame: %s" % sorted(frame)
    if not isinstance(message, dict) or not MESSAGE_KEYS <= set(message):
        return "keys of the message: %s" % message
    for key in TEXTS:
        if not isinstance(message[key], str):
            return "%s is no text" % key
    for when in (message["create_time"], frame["timestamp"]):
        if not isinstance(when, int) or not 10 ** 12 < when < 10 ** 13:
            return "time %r" % when
    if message["chatType"] not in ("single", "group") or message["isremove"] != 0:
        return "chatType or isremove"
    data = message["data"]
    data = json.loads(data) if isinstance(data, str) else data
    if not isinstance(data, dict) or "data" not in data:
        return "inner data"
    if "group_users" in (message.get("group") or {}):
        return "the members of the group are in the message"
    return None


class Line:
    """One socket of a person. Messages wait in it until the play takes them."""

    def __init__(self, person, receive_buffer=None, answers_pings=True, token=None, acks=True):
        self.person = person
        self.acks = acks
        self.news = threading.Condition()
        self.waiting = []      # message frames
        self.other = []        # frames that are no messages, but heartbeats
        self.guides = []       # E17, E18
        self.heartbeats = 0
        self.taken = 0         # messages received so far
        self.covered = 0       # of these, behind which a protocol ping was answered
        self.faults = []
        target = "/ws?token=" + urllib.parse.quote(person.account.token if token is None else token)
        self.client = ws_client.WsClient(
            person.account.port, target + ("&ack=1" if person.is_new else ""),
            receive_buffer=receive_buffer, answers_pings=answers_pings, on_text=self._on_text,
            on_ponged=self._on_ponged, on_end=self._on_end)

    def _on_text(self, text):
        frame = json.loads(text)
        with self.news:
            if frame.get("type") == "singleChat":
                self._on_message(frame)
            elif frame == {"type": "ping"}:
                self.heartbeats += 1
            else:
                self.other.append(frame)
            self.news.notify_all()

    def _on_message(self, frame):
        fault = wrong_shape(frame, self.person.is_new)
        if fault:
            self.faults.append("%s: %s" % (fault, frame))
        if is_guide(frame["data"]):
            self.guides.append(frame["data"])
            return
        self.waiting.append(frame)
        self.taken += 1
        if self.person.is_new:
            self.person.note_place(frame)

    def _on_ponged(self):
        with self.news:
            self.covered = self.taken
            self.news.notify_all()

    def _on_end(self, _):
        with self.news:
            self.news.notify_all()

    def wait(self, condition, what, seconds=BOUND):
        with self.news:
            if not self.news.wait_for(condition, seconds):
                self.person.play.stop("%s: %s (waiting %s, other %s, ending %s)" % (
                    self.person.name, what, [chat.inner_text(one["data"]) for one in self.waiting],
                    self.other, self.client.ending))

    def next_message(self, what):
        self.wait(lambda: self.waiting, what)
        with self.news:
            frame = self.waiting.pop(0)
        if self.person.is_new and self.acks:
            self.acknowledge(frame)
        return frame["data"]

    def next_other(self, what):
        """The next frame that is neither a message nor a heartbeat."""
        self.wait(lambda: self.other, what)
        with self.news:
            return self.other.pop(0)

    def acknowledge(self, frame):
        self.send({"type": "ack", "acks": [[frame["conversation"], frame["seq"]]]})

    def send(self, frame):
        self.client.send_text(json.dumps(frame))

    def checks_in(self):
        """A ping of the application and its answer: the server has read all before it."""
        self.send({"type": "ping"})
        self.wait(lambda: any(one.get("type") == "pong" for one in self.other), "no pong")
        with self.news:
            self.other = [one for one in self.other if one.get("type") != "pong"]

    def has_acknowledged(self):
        """Waits until the server has the pong behind everything received here."""
        self.wait(lambda: self.covered == self.taken, "no ping behind the last message")
        self.checks_in()

    def ends(self, code):
        """The connection ends, with this code as a browser would see it."""
        self.client.wait_ended(BOUND)
        ending = self.client.ending
        if ending is None or ending.code != code:
            self.person.play.stop("%s's line ended with %s, not %d" % (self.person.name, ending, code))

    def is_refused(self, text):
        """`fail` with this text, then a close without a status code."""
        refusal = self.next_other("no refusal")
        self.person.play.check(refusal == {"msg": "fail", "data": text}, "refused with %s" % refusal)
        self.ends(ws_client.NO_STATUS)

    def is_kicked(self):
        """Logged in elsewhere: told so, then closed with 4001."""
        notice = self.next_other("not told of the other login")
        self.person.play.check(notice == KICKED, "kicked with %s" % notice)
        self.ends(4001)

    @property
    def is_open(self):
        return self.client.ending is None


class Person:
    """Somebody with an account and any number of lines; the newest is `line`."""

    def __init__(self, play, account, is_new=False):
        self.play = play
        self.account = account
        self.is_new = is_new
        self.name = account.name
        self.lines = []
        self.places = {}  # of a new client: conversation -> seq it has come to

    @property
    def id(self):
        return self.account.id

    @property
    def line(self):
        return self.lines[-1]

    # --- Coming and going ---

    def opens_a_line(self, **options):
        """Only the socket: asks for nothing."""
        self.play.note("%s opens a line" % self.name)
        self.lines.append(Line(self, **options))
        return self.line

    def goes_online(self, **options):
        """What the client does when it starts or comes back: a socket, then the rest."""
        line = self.opens_a_line(**options)
        if self.is_new:
            if self.places:
                line.send({"type": "ack", "acks": [list(pair) for pair in self.places.items()]})
            line.send({"type": "sync"})
        else:
            self.account.fetch_missed()
        welcome = line.next_other("no welcome")
        self.play.check(welcome.get("type") == "system" and welcome["data"] == WELCOME, welcome)
        return line

    def leaves(self):
        """Closes as clients do."""
        self.play.note("%s leaves" % self.name)
        self.line.client.close(1000)
        self.line.ends(1000)

    def line_breaks(self):
        self.play.note("%s's line breaks" % self.name)
        self.line.client.reset()

    def line_goes_dead(self):
        """No break anybody could see: only nothing is read and no ping answered."""
        self.play.note("%s's line goes dead" % self.name)
        self.line.client.answers_pings = False
        self.line.client.stop_reading()

    def note_place(self, frame):
        conversation, seq = frame["conversation"], frame["seq"]
        self.places[conversation] = max(seq, self.places.get(conversation, 0))

    # --- Writing ---

    def sends(self, to, text, **more):
        """To a person or a group; the message object."""
        self.play.note("%s sends %s %r" % (self.name, to.name, text[:40]))
        kind = "group" if isinstance(to, Group) else "single"
        return self.account.send(to.id, text, kind, **more)

    def may_not_send(self, to, reason, text="not allowed"):
        try:
            self.sends(to, text)
        except chat.Refusal as refusal:
            self.play.check((refusal.status, refusal.text) == (400, reason), refusal)
        else:
            self.play.stop("%s could send to %s" % (self.name, to.name))

    def recalls(self, message):
        self.play.note("%s recalls %r" % (self.name, chat.inner_text(message)))
        return self.account.recall(message)

    # --- Reading ---

    def receives(self, text, sender=None, group=None, **fields):
        """The next message says so; the message object."""
        message = self.line.next_message("does not receive %r" % text)
        self.play.note("%s receives %r" % (self.name, chat.inner_text(message)[:40]))
        if sender is not None:
            fields["from_id"] = sender.id
        if group is not None:
            fields.update(to_id=group.id, chatType="group")
        self.play.check(chat.inner_text(message) == text,
                        "%s receives %s, not %r" % (self.name, message, text))
        for key, value in fields.items():
            self.play.check(message.get(key) == value,
                            "%s of what %s receives is not %r: %s" % (key, self.name, value, message))
        return message

    def receives_all(self, texts, **fields):
        return [self.receives(text, **fields) for text in texts]

    def receives_recall_of(self, message, text=None):
        recall = self.line.next_message("no recall")
        wanted = {"actionType": "revoke", "id": message["id"], "type": "systemNotice",
                  "group": None, "options": {}, "chatType": message["chatType"]}
        self.play.check({key: recall.get(key, "absent") for key in wanted} == wanted, recall)
        self.play.check(text is None or chat.inner_text(recall) == text, recall)
        return recall

    def receives_nothing_more(self):
        """The next message is one that is sent now: nothing came between."""
        self.play.prompts(self)

    def skips_to(self, text):
        """Whatever comes before this text."""
        while True:
            message = self.line.next_message("does not receive %r" % text)
            if chat.inner_text(message) == text:
                return message


class Group:
    def __init__(self, message):
        self.id = message["to_id"]
        self.name = message["to_name"]
        self.opening = message  # E6


class Play(unittest.TestCase):
    """One server for the plays of a class; killed ones come back with their data."""

    SETTINGS = chat.SETTINGS
    numbers = itertools.count(1)

    @classmethod
    def setUpClass(cls):
        cls.server = chat.LongLivedServer(*cls.SETTINGS)
        cls.addClassCleanup(cls.server.close)
        cls.operator_login = None

    def setUp(self):
        self.story = []
        self.people = []
        self.prompter = None
        self.addCleanup(self._clear_the_stage)

    def _clear_the_stage(self):
        lines = [line for person in self.people for line in person.lines]
        for line in lines:
            line.client.abandon()
        faults = [line.client.violation or line.faults[0] for line in lines
                  if line.client.violation or line.faults]
        self.assertEqual(faults, [], "what no server may send")

    # --- The cast ---

    def new_name(self, name):
        return "%s_%03d" % (name, next(Play.numbers))

    def account(self, name):
        account = chat.register(self.server.port, self.new_name(name))
        account.let_write(2)
        return account

    def person(self, name, is_new=False, is_online=True):
        person = Person(self, self.account(name), is_new)
        self.people.append(person)
        if is_online:
            person.goes_online()
        return person

    def old_clients(self, *names):
        """People who are online, strangers to each other, and let everybody write."""
        return [self.person(name) for name in names]

    def new_clients(self, *names):
        return [self.person(name, is_new=True) for name in names]

    def people_offline(self, *names):
        return [self.person(name, is_online=False) for name in names]

    def visitor(self, is_online=True):
        person = Person(self, chat.visit(self.server.port))
        self.people.append(person)
        if is_online:
            person.goes_online()
        return person

    def friends(self, one, other):
        """Who are online learn of it."""
        one.account.befriend(other.account)
        for person in (one, other):
            if person.lines and person.line.is_open:
                person.skips_to(FRIENDS_NOW)

    def group(self, owner, *members):
        """A group of the owner's friends, which all that are online know."""
        for member in members:
            self.friends(owner, member)
        rows = [owner.account.friend_row(member.account) for member in members]
        self.note("%s makes a group" % owner.name)
        owner.account.post("group/create", {"userIds": rows})
        opening = "%s创建了一个群，大家可以开始聊天了" % owner.name
        known = [person.skips_to(opening) for person in (owner, *members)
                 if person.lines and person.line.is_open]
        return Group(known[0])

    @property
    def operator(self):
        if type(self).operator_login is None:
            type(self).operator_login = chat.Operator(self.server)
        return self.operator_login

    # --- The server ---

    def server_is_killed(self):
        self.note("the server is killed")
        self.server.kill()

    def server_stops(self):
        self.note("the server stops")
        self.assertEqual(self.server.stop(), 0)

    def server_starts_again(self):
        self.note("the server starts again")
        self.server.start()

    # --- The story ---

    def note(self, text):
        self.story.append(text)

    def stop(self, text):
        """The play has failed."""
        log = self.server.log()[-2000:]
        self.fail("%s\nThe play so far:\n  %s\nThe server's log:\n%s" % (
            text, "\n  ".join(self.story[-40:]), log))

    def check(self, condition, text):
        if not condition:
            self.stop(text)

    def prompts(self, person):
        if self.prompter is None:
            self.prompter = self.account("prompter")
        text = "nothing came before this %d" % next(Play.numbers)
        self.prompter.send(person.id, text)
        person.receives(text)

    def change_database(self, statement, *values):
        """What no route can do; the server notices within about a second."""
        with contextlib.closing(sqlite3.connect(self.server.database, timeout=BOUND)) as db, db:
            db.execute(statement, values)

    def cursor_is_written(self, person):
        """Everything sent to the person is on record as delivered."""
        self.eventually(lambda: self.ask_database(
            "SELECT count(*) FROM message m JOIN member USING (conversation_id) "
            "WHERE user_id = ? AND seq > max(delivered_seq, joined_seq) AND hidden_from <> user_id",
            person.id) == 0, "the cursor of %s is not written" % person.name)

    def ask_database(self, statement, *values):
        """One value."""
        with contextlib.closing(sqlite3.connect(self.server.database, timeout=BOUND)) as db:
            return db.execute(statement, values).fetchone()[0]

    def eventually(self, condition, what):
        """For what nobody is told; asks again and again."""
        deadline = time.monotonic() + BOUND
        while not condition():
            self.check(time.monotonic() < deadline, what)
            time.sleep(0.02)


def main():
    unittest.main()
