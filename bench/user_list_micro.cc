// What a page of the console's list of users costs with many users: time of the
// reading thread, from the call to its answer.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/metrics.h"
#include "store/sqlite/sqlite_database.h"
#include "store/user_admin_store.h"

namespace qn::bench {
namespace {

using store::UserAdminStore;
using store::UserFilter;

constexpr std::int64_t kUsers = 100'000;

// Every fifth a visitor, every hundredth deleted, every fiftieth disabled; half
// of them with a session.
constexpr std::string_view kFillUsers = R"(
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
INSERT INTO "user" (uuid, username, username_key, password, nickname, avatar, userset, status,
                    is_deleted, role, register_time, create_time, update_time, search_key)
SELECT printf('%08x-0000-4000-8000-000000000000', i), printf('user%06d', i),
       CASE WHEN i % 100 = 0 THEN NULL ELSE printf('user%06d', i) END,
       '$argon2id$v=19$m=12288,t=3,p=1$c29tZXNhbHRzb21lc2FsdA$RdescudvJCsgt3ub+b5dWRWJTmaaJObGJJxVb',
       'nickname', 'https://docs-51yrc-com.oss-cn-hangzhou.aliyuncs.com/chat/user.jpg', '',
       CASE WHEN i % 50 = 0 THEN 0 ELSE 1 END, CASE WHEN i % 100 = 0 THEN 1 ELSE 0 END,
       CASE WHEN i % 5 = 0 THEN 'visitor' ELSE 'user' END, i, i, i,
       CASE WHEN i % 100 = 0 THEN '' ELSE printf('user%06d nickname %x', i, i * 7919 % 65536) END
FROM n)";

constexpr std::string_view kFillSessions = R"(
INSERT INTO session (id, user_id, token_role, created_at, last_seen_at, expires_at, address,
                     user_agent)
SELECT uuid, id, role, id, id, id, '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64)'
FROM "user" WHERE id % 2 = 0)";

class Database {
 public:
  Database() {
    std::string name = (std::filesystem::temp_directory_path() / "qn_bench.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    store::SqliteOptions options;
    options.file = folder_ / "bench.db";
    options.durability = store::Durability::kNormal;
    db_ = std::move(*store::open_sqlite(std::move(options), metrics_));
    users_ = store::make_user_admin_store(*db_);
    store::Database::Job fill = [](store::Connection& c) -> Result<void> {
      const store::Param params[] = {kUsers};
      CHECK_OK(c.execute(kFillUsers, params));
      CHECK_OK(c.execute(kFillSessions, {}));
      return {};
    };
    if (!run(db_->write(std::move(fill), soon()))) std::abort();
  }
  ~Database() {
    db_->stop();
    std::filesystem::remove_all(folder_);
  }

  UserAdminStore::Page list(UserFilter filter, std::int64_t offset) {
    return *run(
        users_->list(std::move(filter), UserAdminStore::Order::kNewest, 10, offset, soon()));
  }

 private:
  static Deadline soon() { return Deadline::after(std::chrono::minutes(5)); }

  template <class T>
  static Task<void> keep(Task<T> task, std::optional<T>& out) {
    out.emplace(co_await std::move(task));
  }
  template <class T>
  T run(Task<T> task) {
    std::optional<T> out;
    boost::asio::co_spawn(io_, keep(std::move(task), out), boost::asio::detached);
    io_.run();
    io_.restart();
    return std::move(*out);
  }

  std::filesystem::path folder_;
  Metrics metrics_;
  boost::asio::io_context io_{1};
  std::unique_ptr<store::Database> db_;
  std::unique_ptr<UserAdminStore> users_;
};

Database& database() {
  static Database database;
  return database;
}

void list_users(benchmark::State& state, const UserFilter& filter) {
  Database& db = database();
  for (auto _ : state) {
    auto page = db.list(filter, state.range(0));
    benchmark::DoNotOptimize(page);
  }
}

UserFilter keyword(std::string text) {
  return {.keyword_key = std::move(text), .role = {}, .status = {}};
}

BENCHMARK_CAPTURE(list_users, all, UserFilter{})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Arg(0)
    ->Arg(25'000)
    ->Arg(49'500)
    ->Arg(98'990);
BENCHMARK_CAPTURE(list_users, visitors, UserFilter{{}, model::Role::kVisitor, {}})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Arg(0)
    ->Arg(10'000);
BENCHMARK_CAPTURE(list_users, role_user, UserFilter{{}, model::Role::kUser, {}})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Arg(0)
    ->Arg(40'000)
    ->Arg(79'990);
BENCHMARK_CAPTURE(list_users, disabled, UserFilter{{}, {}, model::UserStatus::kDisabled})
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Arg(0);
BENCHMARK_CAPTURE(list_users, search_few, keyword("user0777"))
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Arg(0);
BENCHMARK_CAPTURE(list_users, search_none, keyword("nobody"))
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Arg(0);
BENCHMARK_CAPTURE(list_users, search_all, keyword("user"))
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Arg(0)
    ->Arg(49'500);
BENCHMARK_CAPTURE(list_users, search_id, keyword("4711"))
    ->MeasureProcessCPUTime()
    ->UseRealTime()
    ->Arg(0);

}  // namespace
}  // namespace qn::bench
