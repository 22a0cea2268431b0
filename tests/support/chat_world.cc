#include "support/chat_world.h"

#include <stdexcept>

#include "base/text.h"
#include "bus/inproc/memory_cache.h"
#include "store/sqlite/sqlite_database.h"

namespace qn::test {

ChatWorld::ChatWorld() {
  store::SqliteOptions options;
  options.file = dir.path() / "test.db";
  options.durability = store::Durability::kNormal;
  auto opened = store::open_sqlite(std::move(options), metrics);
  if (!opened.has_value()) throw std::runtime_error(opened.error().text);
  db = std::move(*opened);
  cache = bus::make_memory_cache(clock, {}, metrics);
  users = store::make_user_store(*db);
  session_rows = store::make_session_store(*db);
  sessions = std::make_unique<chat::SessionService>(*session_rows, *cache, signer, random, clock,
                                                    chat::SessionOptions());
  limits =
      std::make_unique<chat::RateLimits>(*cache, chat::RateOptions{.per_address = false}, metrics);
  const chat::AccountOptions account_options{.default_avatar = std::string(kAvatar),
                                             .reserved_names = {}};
  accounts = std::make_unique<chat::AccountService>(*users, *sessions, passwords, *limits, random,
                                                    clock, account_options);

  manager_rows = store::make_manager_store(*db);
  audit_rows = store::make_audit_store(*db);
  user_admin_rows = store::make_user_admin_store(*db);
  friend_rows = store::make_friend_store(*db);
  managers = std::make_unique<chat::ManagerService>(*manager_rows, passwords, clock,
                                                    std::string(kSetupToken));
  console = std::make_unique<chat::ConsoleSessions>(
      chat::ConsoleSessions::Stores{*manager_rows, *audit_rows}, passwords, *limits, random, clock,
      chat::ConsoleSessionOptions());
  user_admin = std::make_unique<chat::UserAdmin>(
      chat::UserAdmin::Stores{*user_admin_rows, *users, *audit_rows, *friend_rows}, *sessions,
      passwords, random, clock, account_options);
}

ChatWorld::~ChatWorld() {
  hashing.stop();
  db->stop();
  cache->stop();
  loops.stop();
}

chat::LoginResult ChatWorld::add_user(const std::string& name) {
  auto result = run(accounts->register_user(name, "123456", {"127.0.0.1", "test"}, soon()));
  if (!result.has_value()) throw std::runtime_error(result.error().text);
  return std::move(*result);
}

chat::Operator ChatWorld::add_operator(const std::string& name, bool super) {
  store::NewManager row;
  row.username = name;
  row.username_key = fold_name(name);
  row.password_hash = *chat::hash_password("123456", {1, 64_KiB});
  row.super = super;
  const store::Actor actor{{}, "test", "", clock.now()};
  const auto created = run(manager_rows->create(std::move(row), actor, soon()));
  if (!created.has_value()) throw std::runtime_error("cannot create the manager " + name);
  const auto cookie =
      run(console->login(name, "123456", {std::string(kOperatorAddress), "browser"}, soon()));
  if (!cookie.has_value()) throw std::runtime_error(cookie.error().text);
  auto op = run(console->authenticate(*cookie, {std::string(kOperatorAddress), "browser"}, soon()));
  if (!op.has_value() || !*op) throw std::runtime_error("cannot log in " + name);
  return std::move(**op);
}

const chat::Operator& ChatWorld::root() {
  if (!root_) root_ = add_operator("root", true);
  return *root_;
}

std::vector<model::AuditEntry> ChatWorld::audit(store::AuditStore::Query query) {
  query.limit = 1'000;
  auto page = run(audit_rows->find(std::move(query), soon()));
  if (!page.has_value()) throw std::runtime_error(page.error().detail);
  return std::move(page->entries);
}

}  // namespace qn::test
