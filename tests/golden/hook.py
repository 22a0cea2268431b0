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

# Who is in the group's conversation, after one membership has changed: the same
# as sync_member in src/store/sql/log_rows.cc.
SYNC_CONVERSATION = "(SELECT id FROM conversation WHERE kind = 'group' AND low = :group_id)"
SYNC_END = "(SELECT last_seq FROM conversation WHERE kind = 'group' AND low = :group_id)"
SYNC_MEMBER = "conversation_id = " + SYNC_CONVERSATION + " AND user_id = :user_id"
SYNC_IN_GROUP = ("EXISTS (SELECT 1 FROM group_user WHERE group_user.group_id = :group_id "
                 "AND group_user.user_id = :user_id AND group_user.status = 1)")
SYNC = (
    "UPDATE member SET left_seq = " + SYNC_END + " WHERE " + SYNC_MEMBER +
    " AND left_seq IS NULL AND NOT " + SYNC_IN_GROUP,
    "INSERT INTO delivered_ahead (conversation_id, user_id, first_seq, last_seq) "
    "SELECT conversation_id, user_id, left_seq + 1, " + SYNC_END + " FROM member WHERE " + SYNC_MEMBER +
    " AND delivered_seq < left_seq AND left_seq < " + SYNC_END + " AND " + SYNC_IN_GROUP,
    "UPDATE member SET joined_seq = CASE WHEN delivered_seq < left_seq THEN joined_seq ELSE " + SYNC_END +
    " END, delivered_seq = CASE WHEN delivered_seq < left_seq THEN delivered_seq ELSE " + SYNC_END +
    " END, left_seq = NULL WHERE " + SYNC_MEMBER + " AND left_seq IS NOT NULL AND " + SYNC_IN_GROUP,
    "INSERT OR IGNORE INTO member (conversation_id, user_id, joined_seq, delivered_seq, read_seq) "
    "SELECT id, :user_id, last_seq, last_seq, last_seq FROM conversation "
    "WHERE kind = 'group' AND low = :group_id AND " + SYNC_IN_GROUP,
    "UPDATE conversation SET members_version = members_version + 1 WHERE kind = 'group' AND low = :group_id",
)

STATEMENTS = {
    "set_user_status": ('UPDATE "user" SET status = :value WHERE id = :id',
                        "DELETE FROM session WHERE user_id = :id AND :value <> 1"),
    "set_user_role": ('UPDATE "user" SET role = :value WHERE id = :id',),
    "delete_user": ('UPDATE "user" SET is_deleted = 1, status = 0, username_key = NULL, '
                    "devicefingeruuid = NULL, search_key = '' WHERE id = :id",
                    "DELETE FROM session WHERE user_id = :id"),
    "set_group_status": ('UPDATE "group" SET status = :value WHERE id = :id',),
    "set_group_user_status": ("UPDATE group_user SET status = :value "
                              "WHERE group_id = :group_id AND user_id = :user_id",) + SYNC,
    "delete_group_user": ("DELETE FROM group_user WHERE group_id = :group_id AND user_id = :user_id",) + SYNC,
    "set_goodfriend_status": ("UPDATE goodfriend SET status = :value "
                              "WHERE user_id = :user_id AND friend_id = :friend_id",),
    "insert_group_user": ("INSERT INTO group_user (group_id, user_id, status, create_time, update_time) "
                          "VALUES (:group_id, :user_id, :status, :now, :now)",) + SYNC,
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
