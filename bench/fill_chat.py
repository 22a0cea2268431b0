"""Fills a migrated database with users who are logged in, for qn_ws_bench:

    fill_chat.py DATABASE SECRET TOKENS USERS [GROUP_MEMBERS [BACKLOG]]

Writes one line "id token" per user to the file TOKENS. Anybody may write to anybody.
The first GROUP_MEMBERS users are in one group; every user but the first has missed
BACKLOG messages of the first one.
"""
import base64
import hashlib
import hmac
import json
import sqlite3
import sys
import time

NOW = int(time.time() * 1000)
YEAR = 365 * 86_400_000
ANYBODY = '{"chatset":{"visitor":{"sendCount":2,"needFollow":false},"user":{"sendCount":2,"needFollow":false}}}'
AVATAR = "/public/a.png"

USER = """INSERT INTO "user" (uuid, username, username_key, password, nickname, avatar, userset,
  status, role, register_time, create_time, update_time, search_key, initial)
  VALUES (?, ?, ?, 'x', ?, ?, ?, 1, 'user', ?, ?, ?, ?, 'X') RETURNING id"""
SESSION = """INSERT INTO session (id, user_id, token_role, created_at, last_seen_at, expires_at,
  address, user_agent) VALUES (?, ?, 'user', ?, ?, ?, '127.0.0.1', 'bench')"""
GROUP = """INSERT INTO "group" (uuid, user_id, name, avatar, create_time, update_time)
  VALUES ('00000000-0000-4000-9000-000000000009', ?, '大群', ?, ?, ?) RETURNING id"""
GROUP_USER = """INSERT INTO group_user (group_id, user_id, create_time, update_time)
  VALUES (?, ?, ?, ?)"""
CONVERSATION = """INSERT INTO conversation (kind, low, high, last_seq, members_version, create_time)
  VALUES (?, ?, ?, ?, 1, ?) RETURNING id"""
MEMBER = """INSERT INTO member (conversation_id, user_id, joined_seq, delivered_seq, read_seq)
  VALUES (?, ?, 0, ?, 0)"""
MESSAGE = """INSERT INTO message (conversation_id, seq, uuid, sender_id, hidden_from, type, body,
  text, created_at) VALUES (?, ?, ?, ?, ?, 'text', ?, '', ?)"""


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(secret, user, session):
    claims = {"uid": user, "role": "user", "sid": session, "iat": NOW // 1000, "exp": (NOW + YEAR) // 1000}
    head = base64url(b'{"alg":"HS256","typ":"JWT"}')
    text = head + b"." + base64url(json.dumps(claims, separators=(",", ":")).encode())
    return (text + b"." + base64url(hmac.new(secret.encode(), text, hashlib.sha256).digest())).decode()


def one(db, sql, values):
    return db.execute(sql, values).fetchone()[0]


def add_user(db, n):
    name = "chat%07d" % n
    user = one(db, USER, ("00000000-0000-4000-a000-%012d" % n, name, name, "小%d" % n, AVATAR, ANYBODY,
                          NOW, NOW, NOW, name))
    session = "%032x" % (n + 1)
    db.execute(SESSION, (session, user, NOW, NOW, NOW + YEAR))
    return user, session


def add_group(db, users):
    group = one(db, GROUP, (users[0], AVATAR, NOW, NOW))
    db.executemany(GROUP_USER, ((group, user, NOW, NOW) for user in users))
    conversation = one(db, CONVERSATION, ("group", group, 0, 0, NOW))
    db.executemany(MEMBER, ((conversation, user, 0) for user in users))


def body(uuid, sender, to):
    data = json.dumps({"data": "晚上吃什么，要不要一起去？ @@0@@", "dataType": False, "otherData": None}, ensure_ascii=False)
    return json.dumps({
        "id": uuid, "from_avatar": AVATAR, "from_name": "小1", "from_id": sender, "to_id": to, "to_name": "小2",
        "to_avatar": AVATAR, "chatType": "single", "type": "text", "data": data, "options": {},
        "create_time": NOW, "isremove": 0, "sendUUid": uuid}, ensure_ascii=False, separators=(",", ":"))


def add_backlog(db, sender, to, count):
    conversation = one(db, CONVERSATION, ("single", sender, to, count, NOW))
    db.execute(MEMBER, (conversation, sender, count))
    db.execute(MEMBER, (conversation, to, 0))
    def row(seq):
        uuid = "00000000-0000-4000-b%03x-%012d" % (seq % 4096, to * 100_000 + seq)
        return conversation, seq, uuid, sender, sender, body(uuid, sender, to), NOW
    db.executemany(MESSAGE, (row(seq) for seq in range(1, count + 1)))


def main():
    path, secret, tokens, count = sys.argv[1:5]
    members, backlog = (int(n) for n in (sys.argv[5:7] + ["0", "0"])[:2])
    with sqlite3.connect(path) as db, open(tokens, "w", encoding="ascii") as out:
        users = [add_user(db, n) for n in range(int(count))]
        for user, session in users:
            out.write("%d %s\n" % (user, token(secret, user, session)))
        ids = [user for user, _ in users]
        if members:
            add_group(db, ids[:members])
        if backlog:
            for user in ids[1:]:
                add_backlog(db, ids[0], user, backlog)
        db.execute("ANALYZE")


main()
