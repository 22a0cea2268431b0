#!/usr/bin/env python3
"""Changes stored data behind the server's back, for steps of the recordings that
no route can do yet. Reads one JSON instruction on stdin; argument 1 is the
database file. Exit status 0 = done, anything else = the step cannot be done."""
import json
import sqlite3
import sys
import time

# The server looks for foreign changes at least once a second.
NOTICE_SECONDS = 1.3

STATEMENTS = {
    "set_user_status": ('UPDATE "user" SET status = :value WHERE id = :id',
                        "DELETE FROM session WHERE user_id = :id AND :value <> 1"),
    "set_user_role": ('UPDATE "user" SET role = :value WHERE id = :id',),
    "delete_user": ('UPDATE "user" SET is_deleted = 1, status = 0, username_key = NULL, '
                    "devicefingeruuid = NULL, search_key = '' WHERE id = :id",
                    "DELETE FROM session WHERE user_id = :id"),
    "set_group_status": ('UPDATE "group" SET status = :value WHERE id = :id',),
    "set_group_user_status": ("UPDATE group_user SET status = :value "
                              "WHERE group_id = :group_id AND user_id = :user_id",),
    "delete_group_user": ("DELETE FROM group_user WHERE group_id = :group_id AND user_id = :user_id",),
    "insert_group_user": ("INSERT INTO group_user (group_id, user_id, status, create_time, update_time) "
                          "VALUES (:group_id, :user_id, :status, :now, :now)",),
}


def main():
    instruction = json.load(sys.stdin)
    statements = STATEMENTS.get(instruction["op"])
    if statements is None:
        sys.exit("no such operation: " + instruction["op"])
    values = dict({"value": None}, now=int(time.time() * 1000), **instruction)
    with sqlite3.connect(sys.argv[1], timeout=10) as db:
        for statement in statements:
            db.execute(statement, values)
    db.close()
    time.sleep(NOTICE_SECONDS)


main()
