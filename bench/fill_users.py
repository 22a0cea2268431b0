"""Fills a migrated database with users: fill_users.py DATABASE COUNT [MEMBERS].

One in ten is a visitor, one in twenty is disabled, nicknames are Chinese.
The first MEMBERS of them are in one group, which anybody may join.
"""
import sqlite3
import sys

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚"
START = 1_750_000_000_000  # the first registration; one a minute after it

USER = """INSERT INTO "user" (uuid, username, username_key, password, nickname, avatar, userset,
  status, role, register_time, create_time, update_time, search_key, initial)
  VALUES (?, ?, ?, 'x', ?, '/public/a.png', '', ?, ?, ?, ?, ?, ?, ?)"""

GROUP = """INSERT INTO "group" (uuid, user_id, name, avatar, create_time, update_time)
  SELECT '00000000-0000-4000-9000-000000000001', min(id), '大群', '/public/a.png', ?, ? FROM "user" LIMIT 1"""
MEMBERS = """INSERT INTO group_user (group_id, user_id, create_time, update_time)
  SELECT (SELECT max(id) FROM "group"), id, ?, ? FROM "user" ORDER BY id LIMIT ?"""


def row(n):
    visitor = n % 10 == 0
    name = "%s%07d" % ("VIS" if visitor else "user", n)
    nickname = "小" + SURNAMES[n % 20] + GIVEN[n // 20 % 20]
    at = START + n * 60_000
    return ("00000000-0000-4000-8000-%012d" % n, name, name.lower(), nickname, int(n % 20 != 0),
            "visitor" if visitor else "user", at, at, at, name.lower() + " " + nickname, "X")


def main():
    with sqlite3.connect(sys.argv[1]) as db:
        db.executemany(USER, (row(n) for n in range(1, int(sys.argv[2]) + 1)))
        if len(sys.argv) > 3:
            db.execute(GROUP, (START, START))
            db.execute(MEMBERS, (START, START, int(sys.argv[3])))
        db.execute("ANALYZE")


main()
