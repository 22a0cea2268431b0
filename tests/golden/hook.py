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
}


def main():
    instruction = json.load(sys.stdin)
    statements = STATEMENTS.get(instruction["op"])
    if statements is None:
        sys.exit("no such operation: " + instruction["op"])
    values = {"id": int(instruction["id"]), "value": instruction.get("value")}
    with sqlite3.connect(sys.argv[1], timeout=10) as db:
        for statement in statements:
            db.execute(statement, values)
    db.close()
    time.sleep(NOTICE_SECONDS)


main()
