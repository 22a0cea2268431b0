#include "store/complaint_store.h"

#include <boost/json.hpp>
#include <charconv>
#include <utility>

#include "store/sql/audit_rows.h"
#include "store/sql/group_rows.h"
#include "store/sql/like_pattern.h"
#include "store/sql/sql_text.h"

namespace qn::store {
namespace {

namespace json = boost::json;
using model::Complaint;

constexpr std::string_view kInsert = R"(
INSERT INTO chat_complaint (user_id, target_id, target_type, target_name, reason, content, images,
                            complaint_chatinfo, create_time, update_time)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $9
WHERE ($3 = 'single' AND EXISTS (SELECT 1 FROM "user" WHERE id = $2))
   OR ($3 = 'group' AND EXISTS (SELECT 1 FROM "group" WHERE id = $2))
RETURNING id)";

constexpr Sql kColumns(R"(
  chat_complaint.id, user_id, target_id, target_type, target_name, reason, content, images,
  chat_complaint.status, admin_reply, chat_complaint.create_time, chat_complaint.update_time)");
constexpr int kColumnCount = 12;
constexpr Sql kFrom(R"(
FROM chat_complaint LEFT JOIN "user" ON "user".id = user_id
WHERE chat_complaint.is_deleted = 0 )");
constexpr auto kSelect = Sql("SELECT") + kColumns + "," + kPersonColumns + kFrom;

constexpr auto kSelectOwn = kSelect + "AND user_id = $1 ORDER BY chat_complaint.id DESC LIMIT $2";
constexpr auto kSelectOne = Sql("SELECT") + kColumns + "," + kPersonColumns +
                            ", complaint_chatinfo" + kFrom + "AND chat_complaint.id = $1";

constexpr Sql kFilter(R"(
  AND ($1 < 0 OR chat_complaint.status = $1) AND ($2 = '' OR target_type = $2)
  AND ($3 = '' OR chat_complaint.id = $4 OR target_id = $4 OR reason LIKE $3 ESCAPE '\'
       OR content LIKE $3 ESCAPE '\' OR target_name LIKE $3 ESCAPE '\'
       OR username LIKE $3 ESCAPE '\'))");
constexpr auto kCount = Sql("SELECT count(*)") + kFrom + kFilter;
constexpr auto kSelectPage =
    kSelect + kFilter + " ORDER BY chat_complaint.id DESC LIMIT $5 OFFSET $6";

constexpr std::string_view kUpdateOwn = R"(
UPDATE chat_complaint SET content = COALESCE($3, content), images = COALESCE($4, images),
                          update_time = $5
WHERE id = $2 AND user_id = $1 AND is_deleted = 0 AND status = 0)";
constexpr std::string_view kCountOwn =
    "SELECT count(*) FROM chat_complaint WHERE id = $2 AND user_id = $1 AND is_deleted = 0";
constexpr std::string_view kSoftDelete = R"(
UPDATE chat_complaint SET is_deleted = 1, update_time = $3
WHERE id = $2 AND user_id = $1 AND is_deleted = 0)";

constexpr std::string_view kSelectState = R"(
SELECT status, admin_reply, target_name FROM chat_complaint WHERE id = $1 AND is_deleted = 0)";
constexpr std::string_view kUpdateState =
    "UPDATE chat_complaint SET status = $2, admin_reply = $3, update_time = $4 WHERE id = $1";

std::string to_text(const std::vector<std::string>& texts) {
  json::array array;
  for (const auto& text : texts) array.emplace_back(text);
  return json::serialize(array);
}

// What is stored was written by to_text; a foreign row shows what it can.
std::vector<std::string> texts_from(std::string_view stored) {
  std::vector<std::string> texts;
  boost::system::error_code failed;
  const auto value = json::parse(json::string_view(stored.data(), stored.size()), failed);
  if (failed || !value.is_array()) return texts;
  for (const auto& item : value.get_array()) {
    if (item.is_string()) texts.emplace_back(item.get_string());
  }
  return texts;
}

Complaint complaint_from(const Row& row) {
  Complaint complaint{
      .id = ComplaintId(row.integer(0)),
      .user = UserId(row.integer(1)),
      .author = {},
      .target_type =
          model::complaint_target_from(row.text(3)).value_or(model::ComplaintTarget::kSingle),
      .target_id = row.integer(2),
      .target_name = std::string(row.text(4)),
      .reason = std::string(row.text(5)),
      .content = std::string(row.text(6)),
      .images = texts_from(row.text(7)),
      .quotes = {},
      .status = static_cast<model::ComplaintStatus>(row.integer(8)),
      .admin_reply = row.optional_text(9),
      .create_time = row.time(10),
      .update_time = row.time(11)};
  if (!row.is_null(kColumnCount)) complaint.author = person_from(row, kColumnCount);
  return complaint;
}

Result<std::optional<Complaint>> select_one(Connection& c, ComplaintId id) {
  std::optional<Complaint> found;
  const Param params[] = {id.value};
  CHECK_OK(c.query(kSelectOne, params, [&](const Row& row) {
    found = complaint_from(row);
    found->quotes = row.text(kColumnCount + kPersonColumnCount);
  }));
  return found;
}

Result<void> select_page(Connection& c, const ComplaintStore::Filter& filter, int limit,
                         std::int64_t offset, ComplaintStore::Page& page) {
  const std::string& text = filter.keyword;
  std::int64_t typed_id = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), typed_id);
  if (failed != std::errc() || end != text.data() + text.size()) typed_id = 0;
  const std::string pattern = contains_pattern(text);
  const std::string_view type =
      filter.target_type ? model::to_string(*filter.target_type) : std::string_view();
  const std::int64_t status = filter.status ? static_cast<int>(*filter.status) : -1;
  const Param params[] = {status, type, pattern, typed_id, std::int64_t{limit}, offset};
  CHECK_OK(c.query(kCount, std::span(params).first(4),
                   [&](const Row& row) { page.total = row.integer(0); }));
  return c.query(kSelectPage, params,
                 [&](const Row& row) { page.complaints.push_back(complaint_from(row)); });
}

Result<ComplaintStore::Edited> edit_own(Connection& c, UserId user, ComplaintId id,
                                        const ComplaintStore::Edit& edit) {
  using Edited = ComplaintStore::Edited;
  std::optional<std::string> images;
  if (edit.images) images = to_text(*edit.images);
  const Param params[] = {user.value, id.value, param(edit.content), param(images),
                          param(edit.now)};
  TRY(const auto changed, c.execute(kUpdateOwn, params));
  if (changed != 0) return Edited::kYes;
  std::int64_t own = 0;
  CHECK_OK(c.query(kCountOwn, std::span(params).first(2),
                   [&](const Row& row) { own = row.integer(0); }));
  return own != 0 ? Edited::kNotPending : Edited::kMissing;
}

struct State {
  std::int64_t status = 0;
  std::optional<std::string> reply;
  std::string target_name;
};

// A repeated change is none, and leaves no trace.
Result<bool> change_state(Connection& c, ComplaintId id, std::int64_t status,
                          const std::string& reply, const Actor& actor) {
  std::optional<State> row;
  const Param by_id[] = {id.value};
  CHECK_OK(c.query(kSelectState, by_id, [&](const Row& r) {
    row = State{r.integer(0), r.optional_text(1), std::string(r.text(2))};
  }));
  if (!row) return false;
  const auto new_reply = reply.empty() ? row->reply : std::optional(reply);
  FieldChanges changes;
  changes.add("status", row->status, status);
  changes.add("admin_reply", param(row->reply), param(new_reply));
  if (changes.empty()) return true;
  const Param params[] = {id.value, status, param(new_reply), param(actor.now)};
  CHECK_OK(c.execute(kUpdateState, params));
  CHECK_OK(insert_audit(c, actor,
                        {.action = "complaint.update",
                         .target_type = "complaint",
                         .target_id = id.value,
                         .target_name = row->target_name,
                         .before = changes.before(),
                         .after = changes.after()}));
  return true;
}

class SqlComplaintStore final : public ComplaintStore {
 public:
  explicit SqlComplaintStore(Database& db) : db_(db) {}

  Task<Result<std::optional<ComplaintId>>> create(NewComplaint n, Deadline by) override {
    std::optional<ComplaintId> id;
    Database::Job job = [&](Connection& c) {
      const std::string images = to_text(n.images);
      const Param params[] = {n.user.value,  n.target_id, model::to_string(n.target_type),
                              n.target_name, n.reason,    n.content,
                              images,        n.quotes,    param(n.now)};
      return c.query(kInsert, params, [&](const Row& row) { id = ComplaintId(row.integer(0)); });
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return id;
  }

  Task<Result<std::vector<Complaint>>> list_of(UserId user, int limit, Deadline by) override {
    std::vector<Complaint> complaints;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {user.value, std::int64_t{limit}};
      return c.query(kSelectOwn, params,
                     [&](const Row& row) { complaints.push_back(complaint_from(row)); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return complaints;
  }

  Task<Result<std::optional<Complaint>>> find_own(UserId user, ComplaintId id,
                                                  Deadline by) override {
    CO_TRY(auto found, co_await find(id, by));
    if (found && found->user != user) found.reset();
    co_return found;
  }

  Task<Result<Edited>> edit(UserId user, ComplaintId id, Edit edit, Deadline by) override {
    Edited edited = Edited::kMissing;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(edited, edit_own(c, user, id, edit));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return edited;
  }

  Task<Result<bool>> remove(UserId user, ComplaintId id, Time now, Deadline by) override {
    std::int64_t rows = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {user.value, id.value, param(now)};
      TRY(rows, c.execute(kSoftDelete, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return rows != 0;
  }

  Task<Result<Page>> list(Filter filter, int limit, std::int64_t offset, Deadline by) override {
    Page page;
    if (!is_searchable(filter.keyword)) co_return page;
    Database::Job job = [&](Connection& c) { return select_page(c, filter, limit, offset, page); };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return page;
  }

  Task<Result<std::optional<Complaint>>> find(ComplaintId id, Deadline by) override {
    std::optional<Complaint> found;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(found, select_one(c, id));
      return {};
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<bool>> set_status(ComplaintId id, model::ComplaintStatus status, std::string reply,
                                Actor actor, Deadline by) override {
    bool found = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(found, change_state(c, id, static_cast<int>(status), reply, actor));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return found;
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<ComplaintStore> make_complaint_store(Database& db) {
  return std::make_unique<SqlComplaintStore>(db);
}

}  // namespace qn::store
