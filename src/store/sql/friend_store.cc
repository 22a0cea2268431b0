#include "store/friend_store.h"

#include <utility>

namespace qn::store {
namespace {

constexpr std::string_view kSelectFlags =
    "SELECT isblack, status FROM goodfriend WHERE user_id = $1 AND friend_id = $2";

class SqlFriendStore final : public FriendStore {
 public:
  explicit SqlFriendStore(Database& db) : db_(db) {}

  Task<Result<std::optional<FriendFlags>>> find_flags(UserId owner, UserId friend_id,
                                                      Deadline by) override {
    std::optional<FriendFlags> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {owner.value, friend_id.value};
      return c.query(kSelectFlags, params, [&](const Row& row) {
        found = {row.integer(0) != 0, static_cast<int>(row.integer(1))};
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<FriendStore> make_friend_store(Database& db) {
  return std::make_unique<SqlFriendStore>(db);
}

}  // namespace qn::store
