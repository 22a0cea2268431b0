-- What the administration console adds: sessions of managers, the audit log,
-- uploaded files, daily figures, and what the list of users is searched by.

CREATE TABLE manager_session (
  id TEXT NOT NULL PRIMARY KEY,       -- SHA-256 of the cookie, which is kept nowhere
  manager_id {{bigint}} NOT NULL REFERENCES manager (id) ON DELETE CASCADE ON UPDATE RESTRICT,
  csrf TEXT NOT NULL,
  created_at {{bigint}} NOT NULL,
  last_seen_at {{bigint}} NOT NULL,
  expires_at {{bigint}} NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) {{strict}};

CREATE INDEX manager_session_by_manager ON manager_session (manager_id);
CREATE INDEX manager_session_by_expiry ON manager_session (expires_at);

-- Append-only; no reference to the manager, whose name must outlive the row.
CREATE TABLE audit_log (
  id {{id}},
  created_at {{bigint}} NOT NULL,
  manager_id {{bigint}} NOT NULL,     -- 0: nobody was logged in
  manager_name TEXT NOT NULL,
  address TEXT NOT NULL,
  action TEXT NOT NULL,               -- such as user.create
  target_type TEXT NOT NULL,          -- such as user; '' for none
  target_id {{bigint}} NOT NULL,      -- 0 for none
  target_name TEXT NOT NULL,
  before_json TEXT NOT NULL,          -- the changed fields as they were; '' for none
  after_json TEXT NOT NULL
) {{strict}};

CREATE INDEX audit_log_by_target ON audit_log (target_type, target_id, id);
CREATE INDEX audit_log_by_manager ON audit_log (manager_id, id);
CREATE INDEX audit_log_by_action ON audit_log (action, id);

-- One row per stored file: quotas, and later who may delete what.
CREATE TABLE upload (
  id {{id}},
  owner_type TEXT NOT NULL,           -- user, manager
  owner_id {{bigint}} NOT NULL,
  url TEXT NOT NULL UNIQUE,           -- /public/uploads/…
  name TEXT NOT NULL,                 -- as the client called it
  mime TEXT NOT NULL,                 -- as found in the bytes
  bytes {{bigint}} NOT NULL,
  created_at {{bigint}} NOT NULL
) {{strict}};

CREATE INDEX upload_by_owner ON upload (owner_type, owner_id, created_at);

-- What was true on a day, in the server's time zone; today's row moves on.
CREATE TABLE daily_figure (
  day TEXT NOT NULL,                  -- 2026-11-22
  name TEXT NOT NULL,                 -- such as users
  value {{bigint}} NOT NULL,
  PRIMARY KEY (day, name)
) {{strict}};

-- The folded account name and nickname in one text, for the console's search;
-- '' for deleted accounts.
ALTER TABLE "user" ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
UPDATE "user" SET search_key = COALESCE(username_key, '') || ' ' || lower(nickname)
  WHERE is_deleted = 0;

-- The console's list: newest first, counted and searched without the wide rows.
CREATE INDEX user_list ON "user" (is_deleted, id, role, status, search_key);
CREATE INDEX user_by_creation ON "user" (create_time, is_deleted);
CREATE INDEX session_by_use ON session (last_seen_at, user_id);
