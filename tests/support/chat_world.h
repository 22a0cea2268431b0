#pragma once

#include <future>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/event_loops.h"
#include "base/metrics.h"
#include "base/random.h"
#include "base/worker_pool.h"
#include "bus/cache.h"
#include "chat/accounts.h"
#include "chat/passwords.h"
#include "chat/rate_limits.h"
#include "chat/sessions.h"
#include "chat/tokens.h"
#include "store/session_store.h"
#include "store/user_store.h"
#include "support/test_server.h"

namespace qn::test {

// The services over a real database in a temporary folder, without HTTP.
class ChatWorld {
 public:
  ChatWorld();
  ~ChatWorld();

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
  chat::TokenSigner signer{"a secret of this test, 32 bytes!"};
  std::unique_ptr<chat::SessionService> sessions;
  std::unique_ptr<chat::RateLimits> limits;
  chat::PasswordHasher passwords{hashing, {1, 64_KiB}};
  std::unique_ptr<chat::AccountService> accounts;

 private:
  template <class T>
  static Task<void> finish(Task<Result<T>> task, std::promise<Result<T>>& promise) {
    promise.set_value(co_await std::move(task));
  }
};

}  // namespace qn::test
