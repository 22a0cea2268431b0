"""The server's message log, read from its database file."""
import contextlib
import dataclasses
import json
import sqlite3

BUSY_TIME = 30  # seconds


@dataclasses.dataclass(frozen=True)
class Row:
    position: int
    conversation: int
    seq: int
    uuid: str
    is_recall: bool
    sender: int        # 0: a notice
    text: str          # the inner text
    body: str          # JSON
    recipients: frozenset


def inner_text(body):
    data = body["data"]
    return (json.loads(data) if isinstance(data, str) else data)["data"]


def read(path):
    """(rows in the order of the log, complaints of SQLite)."""
    with contextlib.closing(sqlite3.connect(path, timeout=BUSY_TIME)) as db:
        complaints = [line for line, in db.execute("PRAGMA integrity_check") if line != "ok"]
        members = {}
        for conversation, user, joined, left in db.execute(
                "SELECT conversation_id, user_id, joined_seq, left_seq FROM member"):
            members.setdefault(conversation, []).append((user, joined, left))
        rows = []
        for position, conversation, seq, uuid, sender, hidden, body in db.execute(
                "SELECT id, conversation_id, seq, uuid, sender_id, hidden_from, body FROM message "
                "ORDER BY id"):
            message = json.loads(body)
            recipients = frozenset(
                user for user, joined, left in members.get(conversation, ())
                if joined < seq and (left is None or seq <= left) and user != hidden)
            rows.append(Row(position, conversation, seq, uuid, message.get("actionType") == "revoke",
                            sender, inner_text(message), body, recipients))
        return rows, complaints
