#include "store/resumable_store.h"

#include <utility>

#include "store/sql/upload_rows.h"

namespace qn::store {
namespace {

// One statement, for the same reason as in upload_rows.cc.
constexpr std::string_view kInsertWithinQuota = R"(
INSERT INTO resumable_upload (id, user_id, folder, name, bytes, create_time, update_time)
SELECT $1, $2, $3, $4, $5, $6, $6
WHERE (SELECT COALESCE(SUM(bytes), 0) FROM upload
       WHERE owner_type = 'user' AND owner_id = $2 AND created_at >= $7)
    + (SELECT COALESCE(SUM(bytes), 0) FROM resumable_upload WHERE user_id = $2 AND url = '')
    + $5 <= $8
  AND (SELECT COUNT(*) FROM resumable_upload WHERE user_id = $2 AND url = '') < $9)";

constexpr std::string_view kSelect = R"(
SELECT id, user_id, folder, name, bytes, url, create_time FROM resumable_upload
WHERE id = $1 AND user_id = $2)";

constexpr std::string_view kTouch = R"(
UPDATE resumable_upload SET update_time = $3 WHERE id = $1 AND user_id = $2)";

constexpr std::string_view kFinish = R"(
UPDATE resumable_upload SET url = $3, update_time = $4
WHERE id = $1 AND user_id = $2 AND url = '')";

constexpr std::string_view kDelete = "DELETE FROM resumable_upload WHERE id = $1";
constexpr std::string_view kDeleteOlder = "DELETE FROM resumable_upload WHERE update_time < $1";
constexpr std::string_view kSelectOpen = "SELECT id FROM resumable_upload WHERE url = ''";

class SqlResumableStore final : public ResumableStore {
 public:
  explicit SqlResumableStore(Database& db) : db_(db) {}

  Task<Result<bool>> begin(model::ResumableUpload upload, UploadQuota quota, std::size_t most_open,
                           Deadline by) override {
    const Param params[] = {upload.id,
                            upload.user.value,
                            upload.folder,
                            upload.name,
                            static_cast<std::int64_t>(upload.bytes),
                            param(upload.created_at),
                            param(quota.since),
                            static_cast<std::int64_t>(quota.bytes),
                            static_cast<std::int64_t>(most_open)};
    CO_TRY(const std::int64_t rows, co_await change(kInsertWithinQuota, params, by));
    co_return rows == 1;
  }

  Task<Result<std::optional<model::ResumableUpload>>> find(std::string id, UserId user,
                                                           Deadline by) override {
    std::optional<model::ResumableUpload> found;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {id, user.value};
      return c.query(kSelect, params, [&](const Row& row) {
        found.emplace();
        found->id = row.text(0);
        found->user = UserId(row.integer(1));
        found->folder = row.text(2);
        found->name = row.text(3);
        found->bytes = static_cast<std::uint64_t>(row.integer(4));
        found->url = row.text(5);
        found->created_at = row.time(6);
      });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return found;
  }

  Task<Result<bool>> touch(std::string id, UserId user, Time now, Deadline by) override {
    const Param params[] = {id, user.value, param(now)};
    CO_TRY(const std::int64_t rows, co_await change(kTouch, params, by));
    co_return rows == 1;
  }

  Task<Result<Finished>> finish(std::string id, model::Upload file, UploadQuota quota,
                                Deadline by) override {
    auto finished = Finished::kDone;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(const bool is_added, add_upload(c, file, quota));
      if (!is_added) {
        finished = Finished::kOverQuota;
        return {};
      }
      const Param params[] = {id, file.owner.id, file.url, param(file.created_at)};
      TRY(const std::int64_t rows, c.execute(kFinish, params));
      if (rows == 1) return {};
      finished = Finished::kTooLate;
      return Error{ErrorCode::kConflict, {}, {}};  // takes the file's row back
    };
    const auto done = co_await db_.write(std::move(job), by);
    if (!done.has_value() && finished != Finished::kTooLate) co_return done.error();
    co_return finished;
  }

  Task<Result<void>> remove(std::string id, Deadline by) override {
    const Param params[] = {id};
    CO_CHECK_OK(co_await change(kDelete, params, by));
    co_return Result<void>();
  }

  Task<Result<std::int64_t>> remove_older(Time than, Deadline by) override {
    const Param params[] = {param(than)};
    co_return co_await change(kDeleteOlder, params, by);
  }

  Task<Result<std::vector<std::string>>> open_ids(Deadline by) override {
    std::vector<std::string> ids;
    Database::Job job = [&](Connection& c) {
      return c.query(kSelectOpen, {}, [&](const Row& row) { ids.emplace_back(row.text(0)); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return ids;
  }

 private:
  // One statement; how many rows it has changed. `params` stay until it has ended.
  Task<Result<std::int64_t>> change(std::string_view sql, std::span<const Param> params,
                                    Deadline by) {
    std::int64_t rows = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(rows, c.execute(sql, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return rows;
  }

  Database& db_;
};

}  // namespace

std::unique_ptr<ResumableStore> make_resumable_store(Database& db) {
  return std::make_unique<SqlResumableStore>(db);
}

}  // namespace qn::store
