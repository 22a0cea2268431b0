#include "store/sql/user_listing.h"

#include <algorithm>
#include <charconv>

#include "store/sql/like_pattern.h"
#include "store/sql/sql_text.h"
#include "store/sql/user_rows.h"

namespace qn::store {
namespace {

using Order = UserAdminStore::Order;
using Page = UserAdminStore::Page;
using Ids = std::vector<std::int64_t>;

// Counting all rows reads no more than the pages of the smallest index, and
// counting the few deleted ones their range of user_list.
constexpr std::string_view kSelectExtent = R"(
SELECT (SELECT count(*) FROM "user"),
       (SELECT count(*) FROM "user" WHERE is_deleted = 1),
       (SELECT min(id) FROM "user"),
       (SELECT max(id) FROM "user"))";

constexpr std::string_view kCountDeletedAbove =
    R"(SELECT count(*) FROM "user" WHERE is_deleted = 1 AND id > $1)";
constexpr std::string_view kCountDeletedBelow =
    R"(SELECT count(*) FROM "user" WHERE is_deleted = 1 AND id < $1)";

// Every value is named, so that user_by_role finds the ranges to count.
constexpr std::string_view kCountFiltered = R"(
SELECT count(*) FROM "user"
WHERE is_deleted = 0 AND role IN ($1, $2, $3) AND status IN ($4, $5, $6))";

constexpr Sql kFilter(R"( ($1 = '' OR role = $1) AND ($2 < 0 OR status = $2) )");
constexpr auto kSelectIdsDown = Sql(R"(
SELECT id FROM "user" WHERE is_deleted = 0 AND id <= $3 AND)") +
                                kFilter + "ORDER BY id DESC LIMIT $4 OFFSET $5";
constexpr auto kSelectIdsUp = Sql(R"(
SELECT id FROM "user" WHERE is_deleted = 0 AND id >= $3 AND)") +
                              kFilter + "ORDER BY id LIMIT $4 OFFSET $5";

// One pass over user_list and no row: the matches are counted, and cut, where
// they arrive. Few names match, so that condition stands first.
constexpr auto kSearch = Sql(R"(
SELECT id FROM "user"
WHERE is_deleted = 0 AND search_key LIKE $4 ESCAPE '\' AND id <> $3 AND)") +
                         kFilter;
constexpr auto kSearchDown = kSearch + "ORDER BY id DESC";
constexpr auto kSearchUp = kSearch + "ORDER BY id";
constexpr auto kSelectExact =
    Sql(R"(SELECT id FROM "user" WHERE is_deleted = 0 AND id = $3 AND)") + kFilter;

constexpr std::string_view kSelectLine = R"(
SELECT id, username, nickname, avatar, role, status, create_time,
       COALESCE((SELECT max(last_seen_at) FROM session WHERE user_id = "user".id), last_login)
FROM "user" WHERE id = $1)";

constexpr auto kSelectBefore = Sql("SELECT") + kUserColumns + R"(
FROM "user" WHERE id IN
  (SELECT id FROM "user" WHERE is_deleted = 0 AND id < $5
     AND ($4 = '' OR search_key LIKE $4 ESCAPE '\' OR id = $3) AND)" +
                               kFilter + R"(
   ORDER BY id DESC LIMIT $6)
ORDER BY id DESC)";

// A filter as the statements take it.
struct Conditions {
  explicit Conditions(const UserFilter& filter)
      : pattern(contains_pattern(filter.keyword_key)),
        role(filter.role ? model::to_string(*filter.role) : std::string_view()),
        status(filter.status ? static_cast<int>(*filter.status) : -1) {
    const std::string& text = filter.keyword_key;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), typed_id);
    if (failed != std::errc() || end != text.data() + text.size() || typed_id < 0) typed_id = 0;
  }

  std::string pattern;
  std::string_view role;
  std::int64_t status;
  std::int64_t typed_id = 0;  // the keyword, when it is a number
};

struct Extent {
  std::int64_t rows = 0;
  std::int64_t deleted = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;

  bool has_gaps() const { return rows != last - first + 1; }
};

Result<std::int64_t> select_number(Connection& c, std::string_view sql,
                                   std::span<const Param> params) {
  std::int64_t number = 0;
  CHECK_OK(c.query(sql, params, [&](const Row& row) { number = row.integer(0); }));
  return number;
}

// A run of users in the order of their ids: down from the newest or up from the
// oldest, without the first `skip` of those from `start` on.
struct Window {
  bool down = true;
  std::int64_t start = 0;
  std::int64_t skip = 0;
  std::int64_t size = 0;
};

// Rows are never taken out of the table, so ids have no gaps unless somebody
// imported some. Without gaps only the deleted rows are in the way of computing
// where a page starts, and there are few.
Result<void> jump(Connection& c, const Extent& extent, Window& window) {
  if (extent.has_gaps() || window.skip <= window.size) return {};
  window.start = window.down ? extent.last - window.skip : extent.first + window.skip;
  const Param at[] = {window.start};
  TRY(window.skip, select_number(c, window.down ? kCountDeletedAbove : kCountDeletedBelow, at));
  return {};
}

Result<Ids> select_window(Connection& c, const Conditions& conditions, const Window& window) {
  Ids ids;
  const std::string_view sql =
      window.down ? std::string_view(kSelectIdsDown) : std::string_view(kSelectIdsUp);
  const Param params[] = {conditions.role, conditions.status, window.start, window.size,
                          window.skip};
  CHECK_OK(c.query(sql, params, [&](const Row& row) { ids.push_back(row.integer(0)); }));
  return ids;
}

Result<std::int64_t> count_filtered(Connection& c, const Conditions& conditions) {
  const auto role = [&](std::string_view one) {
    return conditions.role.empty() ? one : conditions.role;
  };
  const auto status = [&](std::int64_t one) {
    return conditions.status < 0 ? one : conditions.status;
  };
  const Param params[] = {role("user"), role("visitor"), role("admin"),
                          status(0),    status(1),       status(2)};
  return select_number(c, kCountFiltered, params);
}

// Without a keyword: counted first, then read from whichever end is nearer.
Result<Ids> select_listed(Connection& c, const Conditions& conditions, Order order,
                          std::int64_t limit, std::int64_t offset, std::int64_t& total) {
  Extent extent;
  CHECK_OK(c.query(kSelectExtent, {}, [&](const Row& row) {
    extent = {row.integer(0), row.integer(1), row.integer(2), row.integer(3)};
  }));
  total = extent.rows - extent.deleted;
  const bool all = conditions.role.empty() && conditions.status < 0;
  if (!all) {
    TRY(total, count_filtered(c, conditions));
  }
  if (offset >= total) return Ids();

  const std::int64_t size = std::min(limit, total - offset);
  const std::int64_t behind = total - offset - size;
  const bool forward = offset <= behind;
  Window window{
      .down = (order == Order::kNewest) == forward, .skip = std::min(offset, behind), .size = size};
  window.start = window.down ? extent.last : extent.first;
  if (all) CHECK_OK(jump(c, extent, window));
  TRY(Ids ids, select_window(c, conditions, window));
  if (!forward) std::reverse(ids.begin(), ids.end());
  return ids;
}

// Somebody whose id was typed comes first.
Result<Ids> select_found(Connection& c, const Conditions& conditions, Order order,
                         std::int64_t limit, std::int64_t offset, std::int64_t& total) {
  Ids ids;
  const auto take = [&](const Row& row) {
    if (total >= offset && total - offset < limit) ids.push_back(row.integer(0));
    ++total;
  };
  const Param params[] = {conditions.role, conditions.status, conditions.typed_id,
                          conditions.pattern};
  if (conditions.typed_id != 0) {
    CHECK_OK(c.query(kSelectExact, std::span(params).first(3), take));
  }
  const std::string_view sql =
      order == Order::kNewest ? std::string_view(kSearchDown) : std::string_view(kSearchUp);
  CHECK_OK(c.query(sql, params, take));
  return ids;
}

Result<void> select_line(Connection& c, std::int64_t id, std::vector<UserLine>& lines) {
  const Param params[] = {id};
  return c.query(kSelectLine, params, [&](const Row& row) {
    lines.push_back({.id = UserId(row.integer(0)),
                     .username = std::string(row.text(1)),
                     .nickname = std::string(row.text(2)),
                     .avatar = std::string(row.text(3)),
                     .role = model::role_from(row.text(4)),
                     .status = status_from(row.integer(5)),
                     .create_time = row.time(6),
                     .last_seen = row.optional_time(7)});
  });
}

Result<Ids> select_page(Connection& c, const Conditions& conditions, Order order, int limit,
                        std::int64_t offset, std::int64_t& total) {
  return conditions.pattern.empty() ? select_listed(c, conditions, order, limit, offset, total)
                                    : select_found(c, conditions, order, limit, offset, total);
}

}  // namespace

Result<Page> list_users(Connection& c, const UserFilter& filter, Order order, int limit,
                        std::int64_t offset) {
  Page page;
  if (!is_searchable(filter.keyword_key)) return page;
  TRY(const Ids ids, select_page(c, Conditions(filter), order, limit, offset, page.total));
  for (const std::int64_t id : ids) CHECK_OK(select_line(c, id, page.users));
  return page;
}

Result<std::vector<model::User>> list_users_before(Connection& c, const UserFilter& filter,
                                                   UserId before, int limit) {
  std::vector<model::User> users;
  if (!is_searchable(filter.keyword_key)) return users;
  const Conditions conditions(filter);
  const Param params[] = {conditions.role,    conditions.status, conditions.typed_id,
                          conditions.pattern, before.value,      std::int64_t{limit}};
  CHECK_OK(
      c.query(kSelectBefore, params, [&](const Row& row) { users.push_back(user_from(row)); }));
  return users;
}

}  // namespace qn::store
