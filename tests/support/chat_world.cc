#include "support/chat_world.h"

#include <stdexcept>

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
  accounts = std::make_unique<chat::AccountService>(*users, *sessions, passwords, *limits, random,
                                                    clock, chat::AccountOptions());
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

}  // namespace qn::test
