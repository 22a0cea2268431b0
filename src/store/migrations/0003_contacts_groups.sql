-- Friend requests, groups, automatic answers, complaints. Column names are the
-- ones clients see.

-- The letter under which a name is listed: A to Z, or #. Of the remark where
-- there is one, else of the friend's nickname or account name. '' = no remark, or
-- a name from before this column: readers work it out, and the server fills it in
-- after its start (store/fill_initials.h).
ALTER TABLE goodfriend ADD COLUMN initial TEXT NOT NULL DEFAULT '';
ALTER TABLE "user" ADD COLUMN initial TEXT NOT NULL DEFAULT '';
CREATE INDEX goodfriend_without_initial ON goodfriend (id) WHERE initial = '' AND nickname <> '';
CREATE INDEX user_without_initial ON "user" (id) WHERE initial = '';

-- Friend lists are read in the order in which the friends came.
CREATE INDEX goodfriend_by_owner ON goodfriend (user_id, id);

CREATE TABLE goodfriendapply (
  id {{id}},
  user_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  friend_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  nickname TEXT NOT NULL DEFAULT '',  -- the applicant's text
  friendlookme INTEGER NOT NULL DEFAULT 1,
  melookfriend INTEGER NOT NULL DEFAULT 1,
  ismystarfriend INTEGER NOT NULL DEFAULT 0,
  isblack INTEGER NOT NULL DEFAULT 0,
  status TEXT NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'refuse', 'agree', 'ignore')),
  "order" INTEGER DEFAULT 50,
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL
) {{strict}};

-- One request at a time in each direction (defect C13).
CREATE UNIQUE INDEX goodfriendapply_open ON goodfriendapply (user_id, friend_id)
  WHERE status IN ('pending', 'agree');
CREATE INDEX goodfriendapply_by_addressee ON goodfriendapply (friend_id, id);
CREATE INDEX goodfriendapply_by_status ON goodfriendapply (friend_id, status, id);
CREATE INDEX goodfriendapply_by_pair ON goodfriendapply (user_id, friend_id, status);

CREATE TABLE "group" (
  id {{id}},
  uuid TEXT NOT NULL UNIQUE,
  user_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE RESTRICT ON UPDATE RESTRICT,
  name TEXT NOT NULL,
  avatar TEXT NOT NULL DEFAULT '',
  remark TEXT NOT NULL DEFAULT '',
  invite_confirm INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 1,  -- 0 disabled, 1 normal, 2 locked
  "order" INTEGER DEFAULT 50,
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL
) {{strict}};

CREATE INDEX group_by_owner ON "group" (user_id);

CREATE TABLE group_user (
  id {{id}},
  group_id {{bigint}} NOT NULL REFERENCES "group" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  user_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  nickname TEXT NOT NULL DEFAULT '',
  avatar TEXT NOT NULL DEFAULT '',
  status INTEGER NOT NULL DEFAULT 1,  -- 0 muted, 1 member, 2 waits for approval
  "order" INTEGER DEFAULT 50,
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL,
  UNIQUE (group_id, user_id)
) {{strict}};

CREATE INDEX group_user_by_user ON group_user (user_id, status, group_id);
-- Members in the order they came, without the rows.
CREATE INDEX group_user_by_group ON group_user (group_id, status, id, user_id);

CREATE TABLE askanswer (
  owner_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  type TEXT NOT NULL,                 -- single, group
  id {{bigint}} NOT NULL,             -- milliseconds of the creation, one per owner
  ask TEXT NOT NULL,
  answer TEXT NOT NULL,
  like_count INTEGER NOT NULL DEFAULT 0,
  liked INTEGER NOT NULL DEFAULT 0,
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL,
  PRIMARY KEY (owner_id, id)
) {{strict}};

-- A question that is asked again replaces its answer.
CREATE UNIQUE INDEX askanswer_by_ask ON askanswer (owner_id, type, ask);

CREATE TABLE chat_complaint (
  id {{id}},
  user_id {{bigint}} NOT NULL,        -- who complains; the row outlives the user
  target_id {{bigint}} NOT NULL,
  target_type TEXT NOT NULL CHECK (target_type IN ('group', 'single')),
  target_name TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL,
  content TEXT,
  images TEXT NOT NULL DEFAULT '[]',  -- JSON array of addresses
  complaint_chatinfo TEXT NOT NULL DEFAULT '[]',  -- JSON array of quoted messages
  status INTEGER NOT NULL DEFAULT 0,  -- 0 pending, 1 processing, 2 handled, 3 closed
  admin_reply TEXT,
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL,
  is_deleted INTEGER NOT NULL DEFAULT 0
) {{strict}};

CREATE INDEX chat_complaint_by_user ON chat_complaint (user_id, is_deleted, id);
CREATE INDEX chat_complaint_by_target ON chat_complaint (target_id, target_type);
CREATE INDEX chat_complaint_by_status ON chat_complaint (is_deleted, status, id);

-- Files that come in several requests; what has come is in public/uploads/.partial.
CREATE TABLE resumable_upload (
  id TEXT NOT NULL PRIMARY KEY,       -- random; the name of the partial file
  user_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  folder TEXT NOT NULL,               -- below uploads/Diy
  name TEXT NOT NULL,                 -- as the client called it
  bytes {{bigint}} NOT NULL,          -- of the whole file
  url TEXT NOT NULL DEFAULT '',       -- once it is finished
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL
) {{strict}};

CREATE INDEX resumable_upload_by_user ON resumable_upload (user_id, url);
CREATE INDEX resumable_upload_by_time ON resumable_upload (update_time);
