#include "store/apply_store.h"

#include <utility>

#include "base/initials.h"
#include "store/sql/log_rows.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

using model::ApplyStatus;

constexpr std::string_view kInsertApply = R"(
INSERT INTO goodfriendapply (user_id, friend_id, nickname, status, create_time, update_time)
VALUES ($1, $2, $3, $4, $5, $5)
RETURNING id)";

constexpr Sql kApplyColumns(R"(
  goodfriendapply.id, goodfriendapply.user_id, goodfriendapply.friend_id,
  goodfriendapply.nickname, goodfriendapply.friendlookme, goodfriendapply.melookfriend,
  goodfriendapply.ismystarfriend, goodfriendapply.isblack, goodfriendapply.status,
  goodfriendapply."order", goodfriendapply.create_time, goodfriendapply.update_time)");
constexpr int kApplyColumnCount = 12;

constexpr auto kSelectByAddressee = Sql("SELECT") + kApplyColumns + R"(,
       "user".id, "user".username, "user".avatar, "user".nickname, "user".uuid
FROM goodfriendapply JOIN "user" ON "user".id = goodfriendapply.user_id AND "user".is_deleted = 0
WHERE goodfriendapply.friend_id = $1 ORDER BY goodfriendapply.id DESC LIMIT $2 OFFSET $3)";

constexpr std::string_view kCountPending = R"(
SELECT count(*)
FROM goodfriendapply JOIN "user" ON "user".id = goodfriendapply.user_id AND "user".is_deleted = 0
WHERE goodfriendapply.friend_id = $1 AND goodfriendapply.status = 'pending')";

constexpr auto kSelectPendingById = Sql("SELECT") + kApplyColumns + R"(
FROM goodfriendapply WHERE id = $1 AND friend_id = $2 AND status = 'pending')";

constexpr auto kSelectPendingFrom = Sql("SELECT") + kApplyColumns + R"(
FROM goodfriendapply WHERE user_id = $1 AND friend_id = $2 AND status = 'pending')";

constexpr std::string_view kSettle = R"(
UPDATE goodfriendapply SET status = $3, update_time = $4
WHERE id = $1 AND friend_id = $2 AND status = 'pending'
RETURNING user_id)";

constexpr std::string_view kInsertFriend = R"(
INSERT INTO goodfriend (user_id, friend_id, nickname, initial, create_time, update_time)
VALUES ($1, $2, $3, $4, $5, $5)
ON CONFLICT (user_id, friend_id) DO NOTHING)";

// Two rows, one for each direction; with how many friends its owner has now.
constexpr std::string_view kSelectFriendship = R"(
SELECT user_id, nickname,
       (SELECT count(*) FROM goodfriend AS mine WHERE mine.user_id = goodfriend.user_id)
FROM goodfriend
WHERE user_id IN ($1, $2) AND friend_id IN ($1, $2) AND user_id <> friend_id)";

model::Apply apply_from(const Row& row) {
  model::Apply apply;
  apply.id = ApplyId(row.integer(0));
  apply.applicant = UserId(row.integer(1));
  apply.addressee = UserId(row.integer(2));
  apply.text = std::string(row.text(3));
  apply.settings = {.friend_looks_at_me = row.integer(4) != 0,
                    .i_look_at_friend = row.integer(5) != 0,
                    .is_star = row.integer(6) != 0,
                    .is_black = row.integer(7) != 0};
  apply.status = model::apply_status_from(row.text(8));
  apply.order = static_cast<int>(row.integer(9));
  apply.create_time = row.time(10);
  apply.update_time = row.time(11);
  return apply;
}

model::ApplyEntry entry_from(const Row& row) {
  constexpr int k = kApplyColumnCount;
  return {apply_from(row),
          {.id = UserId(row.integer(k)),
           .username = std::string(row.text(k + 1)),
           .avatar = std::string(row.text(k + 2)),
           .nickname = std::string(row.text(k + 3)),
           .uuid = std::string(row.text(k + 4))}};
}

Result<ApplyId> insert_apply(Connection& c, UserId applicant, UserId addressee,
                             const std::string& text, ApplyStatus status, Time now) {
  ApplyId id;
  const Param params[] = {applicant.value, addressee.value, text, to_string(status), param(now)};
  CHECK_OK(c.query(kInsertApply, params, [&](const Row& row) { id = ApplyId(row.integer(0)); }));
  return id;
}

// Nothing unless the request is pending and for `addressee`.
Result<std::optional<UserId>> settle_apply(Connection& c, ApplyId id, UserId addressee,
                                           ApplyStatus status, Time now) {
  std::optional<UserId> applicant;
  const Param params[] = {id.value, addressee.value, to_string(status), param(now)};
  CHECK_OK(c.query(kSettle, params, [&](const Row& row) { applicant = UserId(row.integer(0)); }));
  return applicant;
}

// A friendship about to be stored.
struct Bond {
  UserId applicant;
  UserId addressee;
  Remarks remarks;
  std::string initial_of_applicant = {};
  std::string initial_of_addressee = {};
  std::size_t cap = 0;
  Time now;
};

// Found out before the writer has the job.
std::string initial_text(const std::string& remark) {
  return remark.empty() ? "" : std::string(1, initial_of(remark));
}

Bond make_bond(UserId applicant, UserId addressee, Remarks remarks, std::size_t cap, Time now) {
  Bond bond{.applicant = applicant, .addressee = addressee, .remarks = {}, .cap = cap, .now = now};
  bond.initial_of_applicant = initial_text(remarks.of_applicant);
  bond.initial_of_addressee = initial_text(remarks.of_addressee);
  bond.remarks = std::move(remarks);
  return bond;
}

// True: the row was missing.
Result<bool> add_friend(Connection& c, UserId owner, UserId friend_id, const std::string& remark,
                        const std::string& initial, Time now) {
  const Param params[] = {owner.value, friend_id.value, remark, initial, param(now)};
  TRY(const auto added, c.execute(kInsertFriend, params));
  return added != 0;
}

Result<Friendship> befriend(Connection& c, const Bond& bond) {
  TRY(const bool new_here, add_friend(c, bond.addressee, bond.applicant, bond.remarks.of_applicant,
                                      bond.initial_of_applicant, bond.now));
  TRY(const bool new_there, add_friend(c, bond.applicant, bond.addressee, bond.remarks.of_addressee,
                                       bond.initial_of_addressee, bond.now));
  Friendship result{.remarks = {}, .is_new = new_here || new_there};
  bool is_over_cap = false;
  const Param params[] = {bond.applicant.value, bond.addressee.value};
  CHECK_OK(c.query(kSelectFriendship, params, [&](const Row& row) {
    const bool is_addressee = row.integer(0) == bond.addressee.value;
    auto& remark = is_addressee ? result.remarks.of_applicant : result.remarks.of_addressee;
    remark = std::string(row.text(1));
    const bool is_added = is_addressee ? new_here : new_there;
    is_over_cap |= is_added && static_cast<std::size_t>(row.integer(2)) > bond.cap;
  }));
  if (is_over_cap) return Error{ErrorCode::kRefused, {}, "too many friends"};
  return result;
}

class SqlApplyStore final : public ApplyStore {
 public:
  explicit SqlApplyStore(Database& db) : db_(db) {}

  Task<Result<ApplyId>> create(UserId applicant, UserId addressee, std::string text, Time now,
                               Tell<ApplyId> tell, Deadline by) override {
    ApplyId id;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(id, insert_apply(c, applicant, addressee, text, ApplyStatus::kPending, now));
      return append_messages(c, tell(id));
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return id;
  }

  Task<Result<Page>> list(UserId addressee, std::int64_t limit, std::int64_t offset,
                          Deadline by) override {
    Page page;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {addressee.value, limit, offset};
      CHECK_OK(c.query(kSelectByAddressee, params,
                       [&](const Row& row) { page.entries.push_back(entry_from(row)); }));
      return c.query(kCountPending, std::span(params).first(1),
                     [&](const Row& row) { page.pending = row.integer(0); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return page;
  }

  Task<Result<std::optional<model::Apply>>> find_pending(ApplyId id, UserId addressee,
                                                         Deadline by) override {
    return find(kSelectPendingById, id.value, addressee, by);
  }

  Task<Result<std::optional<model::Apply>>> find_pending(UserId applicant, UserId addressee,
                                                         Deadline by) override {
    return find(kSelectPendingFrom, applicant.value, addressee, by);
  }

  Task<Result<bool>> settle(ApplyId id, UserId addressee, ApplyStatus status, Time now,
                            Deadline by) override {
    bool settled = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(const auto applicant, settle_apply(c, id, addressee, status, now));
      settled = applicant.has_value();
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return settled;
  }

  Task<Result<Friendship>> agree(ApplyId id, UserId addressee, Remarks remarks, std::size_t cap,
                                 Time now, Tell<Friendship> tell, Deadline by) override {
    Friendship made;
    Bond bond = make_bond({}, addressee, std::move(remarks), cap, now);
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(const auto applicant, settle_apply(c, id, addressee, ApplyStatus::kAgree, now));
      if (!applicant) return Error{ErrorCode::kNotFound, {}, "no such pending request"};
      bond.applicant = *applicant;
      TRY(made, befriend(c, bond));
      return append_messages(c, tell(made));
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return made;
  }

  Task<Result<Friendship>> create_agreed(UserId applicant, UserId addressee, std::string text,
                                         Remarks remarks, std::size_t cap, Time now,
                                         Tell<Friendship> tell, Deadline by) override {
    Friendship made;
    const Bond bond = make_bond(applicant, addressee, std::move(remarks), cap, now);
    Database::Job job = [&](Connection& c) -> Result<void> {
      CHECK_OK(insert_apply(c, applicant, addressee, text, ApplyStatus::kAgree, now));
      TRY(made, befriend(c, bond));
      return append_messages(c, tell(made));
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return made;
  }

 private:
  Task<Result<std::optional<model::Apply>>> find(std::string_view sql, std::int64_t key,
                                                 UserId addressee, Deadline by) {
    std::optional<model::Apply> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {key, addressee.value};
      return c.query(sql, params, [&](const Row& row) { found = apply_from(row); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Database& db_;
};

}  // namespace

std::unique_ptr<ApplyStore> make_apply_store(Database& db) {
  return std::make_unique<SqlApplyStore>(db);
}

}  // namespace qn::store
