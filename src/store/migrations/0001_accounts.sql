-- Accounts, sessions, administrators, and the friend list as far as accounts need it.
-- Column names are the ones clients see. The words in braces: store/migrations.h.

CREATE TABLE "user" (
  id {{id}},
  uuid TEXT NOT NULL UNIQUE,
  username TEXT NOT NULL,
  username_key TEXT UNIQUE,           -- the folded name; NULL once deleted, which frees the name
  password TEXT NOT NULL,             -- a hash
  nickname TEXT NOT NULL DEFAULT '',
  avatar TEXT,
  devicefingeruuid TEXT,              -- NULL: bound to no device
  uniplatform TEXT NOT NULL DEFAULT '',
  devicemodel TEXT NOT NULL DEFAULT '',
  deviceos TEXT NOT NULL DEFAULT '',
  devicebrand TEXT NOT NULL DEFAULT '',
  userset TEXT NOT NULL,              -- JSON or ''
  invite_confirm INTEGER NOT NULL DEFAULT 0,
  mobile TEXT,
  email TEXT,
  status INTEGER NOT NULL DEFAULT 1,  -- 0 disabled, 1 normal, 2 locked
  last_login {{bigint}},
  last_login_ip TEXT,
  register_time {{bigint}} NOT NULL,
  register_ip TEXT,
  is_deleted INTEGER NOT NULL DEFAULT 0,
  wechat_openid TEXT,
  qq_openid TEXT,
  weibo_uid TEXT,
  role TEXT NOT NULL DEFAULT 'user',  -- user, visitor
  is_email_verified INTEGER NOT NULL DEFAULT 0,
  is_mobile_verified INTEGER NOT NULL DEFAULT 0,
  "order" INTEGER DEFAULT 50,
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL
) {{strict}};

-- What belongs to one account may be used again when it is deleted.
CREATE UNIQUE INDEX user_mobile ON "user" (mobile)
  WHERE mobile IS NOT NULL AND is_deleted = 0;
CREATE UNIQUE INDEX user_email ON "user" (email)
  WHERE email IS NOT NULL AND is_deleted = 0;
CREATE UNIQUE INDEX user_wechat ON "user" (wechat_openid)
  WHERE wechat_openid IS NOT NULL AND is_deleted = 0;
CREATE UNIQUE INDEX user_qq ON "user" (qq_openid)
  WHERE qq_openid IS NOT NULL AND is_deleted = 0;
CREATE UNIQUE INDEX user_weibo ON "user" (weibo_uid)
  WHERE weibo_uid IS NOT NULL AND is_deleted = 0;

-- One visitor per device; the accounts that visitors turned into keep the device.
CREATE UNIQUE INDEX user_visitor_device ON "user" (devicefingeruuid)
  WHERE role = 'visitor' AND devicefingeruuid IS NOT NULL;
CREATE INDEX user_by_device ON "user" (devicefingeruuid) WHERE devicefingeruuid IS NOT NULL;

-- Counting, and search for a part of a name, which reads one range of this
-- index from end to end and no row that does not match.
CREATE INDEX user_by_role ON "user" (is_deleted, role, status, id, username_key);

CREATE TABLE user_info (
  id {{id}},
  user_id {{bigint}} NOT NULL UNIQUE REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  gender TEXT NOT NULL DEFAULT 'unknown' CHECK (gender IN ('male', 'female', 'unknown')),
  birthday {{bigint}},
  bio TEXT,
  location TEXT,
  website TEXT,
  "order" INTEGER DEFAULT 50,
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL
) {{strict}};

CREATE TABLE session (
  id TEXT NOT NULL PRIMARY KEY,
  user_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  token_role TEXT NOT NULL,           -- may differ from the role of the user
  created_at {{bigint}} NOT NULL,
  last_seen_at {{bigint}} NOT NULL,
  expires_at {{bigint}} NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) {{strict}};

CREATE INDEX session_by_user ON session (user_id);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE manager (
  id {{id}},
  username TEXT NOT NULL,
  username_key TEXT NOT NULL UNIQUE,
  password TEXT NOT NULL,             -- a hash
  avatar TEXT,
  auth TEXT,                          -- menu ids, joined with commas
  status INTEGER NOT NULL DEFAULT 1,  -- 1 enabled, 0 disabled
  super INTEGER NOT NULL DEFAULT 0,   -- 1 may do everything
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL
) {{strict}};

-- A friendship is two rows; each belongs to user_id.
CREATE TABLE goodfriend (
  id {{id}},
  user_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  friend_id {{bigint}} NOT NULL REFERENCES "user" (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  nickname TEXT NOT NULL DEFAULT '',
  friendlookme INTEGER NOT NULL DEFAULT 1,
  melookfriend INTEGER NOT NULL DEFAULT 1,
  ismystarfriend INTEGER NOT NULL DEFAULT 0,
  isblack INTEGER NOT NULL DEFAULT 0,
  status INTEGER NOT NULL DEFAULT 1,  -- 0 disabled, 1 normal, 2 locked
  "order" INTEGER DEFAULT 50,
  create_time {{bigint}} NOT NULL,
  update_time {{bigint}} NOT NULL,
  UNIQUE (user_id, friend_id)
) {{strict}};

CREATE INDEX goodfriend_by_friend ON goodfriend (friend_id);
