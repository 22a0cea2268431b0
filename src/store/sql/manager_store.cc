#include "store/manager_store.h"

#include <utility>

namespace qn::store {
namespace {

constexpr std::string_view kDefaultAvatar = "/public/assets/img/profiles/avatar-01.jpg";

constexpr std::string_view kInsert = R"(
INSERT INTO manager (username, username_key, password, avatar, auth, status, super,
                     create_time, update_time)
VALUES ($1, $2, $3, $4, '', 1, $5, $6, $6)
RETURNING id)";

constexpr std::string_view kCount = "SELECT count(*) FROM manager";

class SqlManagerStore final : public ManagerStore {
 public:
  explicit SqlManagerStore(Database& db) : db_(db) {}

  Task<Result<ManagerId>> create(NewManager manager, Deadline by) override {
    ManagerId id;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {manager.username, manager.username_key,        manager.password_hash,
                              kDefaultAvatar,   std::int64_t{manager.super}, param(manager.now)};
      return c.query(kInsert, params, [&](const Row& row) { id = ManagerId(row.integer(0)); });
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return id;
  }

  Task<Result<std::int64_t>> count(Deadline by) override {
    std::int64_t count = 0;
    Database::Job job = [&](Connection& c) {
      return c.query(kCount, {}, [&](const Row& row) { count = row.integer(0); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return count;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<ManagerStore> make_manager_store(Database& db) {
  return std::make_unique<SqlManagerStore>(db);
}

}  // namespace qn::store
