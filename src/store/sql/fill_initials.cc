#include "store/fill_initials.h"

#include <string>
#include <utility>
#include <vector>

#include "base/initials.h"

namespace qn::store {
namespace {

// Both read nothing but the rows that are left.
constexpr std::string_view kSelectUsers =
    R"(SELECT id, nickname, username FROM "user" WHERE initial = '' LIMIT $1)";
constexpr std::string_view kSelectRemarks =
    "SELECT id, nickname, '' FROM goodfriend WHERE initial = '' AND nickname <> '' LIMIT $1";

// Not if the name has changed meanwhile: then it has its initial, or comes again.
constexpr std::string_view kFillUser = R"(
UPDATE "user" SET initial = $4 WHERE id = $1 AND initial = '' AND nickname = $2 AND username = $3)";
constexpr std::string_view kFillRemark = R"(
UPDATE goodfriend SET initial = $4
WHERE id = $1 AND initial = '' AND nickname = $2 AND $3 = '')";

struct Name {
  std::int64_t id = 0;
  std::string nickname;
  std::string username;
  char initial = '#';
};

Task<Result<int>> fill(Database& db, std::string_view select, std::string_view update, int limit,
                       Deadline by) {
  std::vector<Name> names;
  Database::Job find = [&](Connection& c) {
    const Param params[] = {std::int64_t{limit}};
    return c.query(select, params, [&](const Row& row) {
      names.push_back({row.integer(0), std::string(row.text(1)), std::string(row.text(2))});
    });
  };
  CO_CHECK_OK(co_await db.read(std::move(find), by));
  if (names.empty()) co_return 0;
  for (auto& name : names) {
    name.initial = initial_of(name.nickname.empty() ? name.username : name.nickname);
  }
  Database::Job write = [&](Connection& c) -> Result<void> {
    for (const auto& name : names) {
      const Param params[] = {name.id, name.nickname, name.username,
                              std::string_view(&name.initial, 1)};
      CHECK_OK(c.execute(update, params));
    }
    return {};
  };
  CO_CHECK_OK(co_await db.write(std::move(write), by));
  co_return static_cast<int>(names.size());
}

}  // namespace

Task<Result<int>> fill_initials(Database& db, int limit, Deadline by) {
  CO_TRY(const int users, co_await fill(db, kSelectUsers, kFillUser, limit, by));
  CO_TRY(const int remarks, co_await fill(db, kSelectRemarks, kFillRemark, limit, by));
  co_return users + remarks;
}

}  // namespace qn::store
