-- The message log: conversations, their messages, and how far each member has
-- received them. One row per message whatever the size of the group.

CREATE TABLE conversation (
  id {{id}},
  kind TEXT NOT NULL CHECK (kind IN ('single', 'group', 'notice')),
  low {{bigint}} NOT NULL,            -- single: the smaller user id; group: its id; notice: the user
  high {{bigint}} NOT NULL,           -- single: the larger user id; else 0
  last_seq {{bigint}} NOT NULL DEFAULT 0,
  members_version {{bigint}} NOT NULL DEFAULT 0,  -- grows whenever somebody comes or goes
  create_time {{bigint}} NOT NULL,
  UNIQUE (kind, low, high)
) {{strict}};

-- Append-only but for recalled_at. `id` is the place in the whole log.
CREATE TABLE message (
  id {{id}},
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id),
  seq {{bigint}} NOT NULL,            -- dense in its conversation, from 1
  uuid TEXT NOT NULL,                 -- the id that clients see; a recall repeats the recalled one
  sender_id {{bigint}} NOT NULL,      -- 0: nobody, a notice
  hidden_from {{bigint}} NOT NULL,    -- the member who does not get it, mostly the sender; 0: nobody
  type TEXT NOT NULL,                 -- text, image, …, systemNotice
  body TEXT NOT NULL,                 -- the message object as clients get it, JSON
  text TEXT NOT NULL DEFAULT '',      -- what a search looks at
  client_msg_id TEXT,                 -- the sender's own name for it: makes a retry harmless
  by_stranger INTEGER NOT NULL DEFAULT 0,  -- 1: the two were not friends
  created_at {{bigint}} NOT NULL,
  recalled_at {{bigint}},
  recalled_by {{bigint}}              -- the message that says so
) {{strict}};

-- Every index costs each message a page of its own in the write-ahead log, unless
-- it grows at its end: there is none for the random uuid.
-- What is beyond a cursor is found in this index alone.
CREATE UNIQUE INDEX message_log ON message (conversation_id, seq, hidden_from);
CREATE UNIQUE INDEX message_retry ON message (sender_id, client_msg_id)
  WHERE client_msg_id IS NOT NULL;
CREATE INDEX message_by_sender ON message (sender_id, id);
CREATE INDEX message_by_time ON message (created_at);
CREATE INDEX message_of_stranger ON message (conversation_id, sender_id) WHERE by_stranger = 1;

-- Who gets the messages of a conversation, and how far they have. No reference to
-- the user or the group: what was said before somebody left is still delivered.
CREATE TABLE member (
  conversation_id {{bigint}} NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
  user_id {{bigint}} NOT NULL,
  joined_seq {{bigint}} NOT NULL,     -- sees what comes after it
  left_seq {{bigint}},                -- and up to here, once gone
  delivered_seq {{bigint}} NOT NULL,  -- everything visible up to here has arrived
  read_seq {{bigint}} NOT NULL,
  PRIMARY KEY (conversation_id, user_id)
) {{strict}};

CREATE INDEX member_by_user ON member (user_id, conversation_id);

-- Messages beyond delivered_seq that have arrived out of turn: a client that never
-- asked for what it missed still gets what is said now.
CREATE TABLE delivered_ahead (
  conversation_id {{bigint}} NOT NULL,
  user_id {{bigint}} NOT NULL,
  first_seq {{bigint}} NOT NULL,
  last_seq {{bigint}} NOT NULL,
  PRIMARY KEY (conversation_id, user_id, first_seq)
) {{strict}};

-- Silenced by operators until then; NULL: not.
ALTER TABLE "user" ADD COLUMN muted_until {{bigint}};
ALTER TABLE group_user ADD COLUMN muted_until {{bigint}};

-- Groups from before this table: everybody in them starts here.
INSERT INTO conversation (kind, low, high, members_version, create_time)
  SELECT 'group', id, 0, 1, create_time FROM "group";
INSERT INTO member (conversation_id, user_id, joined_seq, delivered_seq, read_seq)
  SELECT conversation.id, group_user.user_id, 0, 0, 0
  FROM group_user JOIN conversation
    ON conversation.kind = 'group' AND conversation.low = group_user.group_id
  WHERE group_user.status = 1;
