#pragma once

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/worker_pool.h"
#include "bus/cache.h"
#include "chat/accounts.h"
#include "chat/console_sessions.h"
#include "chat/managers.h"
#include "chat/passwords.h"
#include "chat/rate_limits.h"
#include "chat/sessions.h"
#include "chat/tokens.h"
#include "chat/user_admin.h"
#include "store/audit_store.h"
#include "store/friend_store.h"
#include "store/manager_store.h"
#include "store/session_store.h"
#include "store/user_admin_store.h"
#include "store/user_store.h"
#include "support/test_server.h"

namespace qn::test {

// The services over a real database in a temporary folder, without HTTP.
class ChatWorld {
 public:
  ChatWorld();
  ~ChatWorld();

  static constexpr std::string_view kSetupToken = "a token of this test";
  static constexpr std::string_view kOperatorAddress = "2001:db8:1:22:333:4444:5555:6666";
  static constexpr std::string_view kAvatar = "https://example.org/default.png";

  // Runs one operation to its end.
  template <class T>
  Result<T> run(Task<Result<T>> task) {
    std::promise<Result<T>> promise;
    auto future = promise.get_future();
    loops.spawn(0, finish(std::move(task), promise));
    return future.get();
  }
  static Deadline soon() { return Deadline::after(std::chrono::seconds(20)); }

  // Registers with password 123456.
  chat::LoginResult add_user(const std::string& name);
  // Creates a manager with password 123456 and logs it in.
  chat::Operator add_operator(const std::string& name, bool super);
  // A super manager, the same at every call.
  const chat::Operator& root();
  // The audit log, newest first.
  std::vector<model::AuditEntry> audit(store::AuditStore::Query query = {});

  Result<chat::Caller> authenticate(const std::string& token) {
    return run(sessions->authenticate(token, soon()));
  }

  TempDir dir;
  Metrics metrics;
  FakeClock clock;
  SystemRandom random;
  EventLoops loops{1, metrics};
  WorkerPool hashing{{.name = "passwords", .threads = 2}, metrics};
  std::unique_ptr<store::Database> db;
  std::unique_ptr<bus::Cache> cache;
  std::unique_ptr<store::UserStore> users;
  std::unique_ptr<store::SessionStore> session_rows;
  std::unique_ptr<store::ManagerStore> manager_rows;
  std::unique_ptr<store::AuditStore> audit_rows;
  std::unique_ptr<store::UserAdminStore> user_admin_rows;
  std::unique_ptr<store::FriendStore> friend_rows;
  chat::TokenSigner signer{"a secret of this test, 32 bytes!"};
  std::unique_ptr<chat::SessionService> sessions;
  std::unique_ptr<chat::RateLimits> limits;
  chat::PasswordHasher passwords{hashing, {1, 64_KiB}};
  std::unique_ptr<chat::AccountService> accounts;
  std::unique_ptr<chat::ManagerService> managers;
  std::unique_ptr<chat::ConsoleSessions> console;
  std::unique_ptr<chat::UserAdmin> user_admin;

 private:
  template <class T>
  static Task<void> finish(Task<Result<T>> task, std::promise<Result<T>>& promise) {
    promise.set_value(co_await std::move(task));
  }

  std::optional<chat::Operator> root_;
};

}  // namespace qn::test
