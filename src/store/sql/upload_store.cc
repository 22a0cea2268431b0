#include "store/upload_store.h"

#include <utility>

#include "store/sql/upload_rows.h"

namespace qn::store {
namespace {

constexpr std::string_view kSumSince = R"(
SELECT COALESCE(SUM(bytes), 0) FROM upload
WHERE owner_type = $1 AND owner_id = $2 AND created_at >= $3)";

class SqlUploadStore final : public UploadStore {
 public:
  explicit SqlUploadStore(Database& db) : db_(db) {}

  Task<Result<bool>> add(model::Upload upload, UploadQuota quota, Deadline by) override {
    bool is_added = false;
    Database::Job job = [&](Connection& c) -> Result<void> {
      TRY(is_added, add_upload(c, upload, quota));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return is_added;
  }

  Task<Result<std::uint64_t>> used(model::UploadOwner owner, Time since, Deadline by) override {
    std::int64_t sum = 0;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {upload_owner_type(owner), owner.id, param(since)};
      return c.query(kSumSince, params, [&](const Row& row) { sum = row.integer(0); });
    };
    CO_CHECK_OK(co_await db_.read(std::move(job), by));
    co_return static_cast<std::uint64_t>(sum);
  }

 private:
  Database& db_;
};

}  // namespace

std::unique_ptr<UploadStore> make_upload_store(Database& db) {
  return std::make_unique<SqlUploadStore>(db);
}

}  // namespace qn::store
