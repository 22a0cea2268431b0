#include "store/upload_store.h"

#include <utility>

namespace qn::store {
namespace {

// One statement, so that uploads of one owner at the same time cannot all fit
// into the same rest.
constexpr std::string_view kInsertWithinQuota = R"(
INSERT INTO upload (owner_type, owner_id, url, name, mime, bytes, created_at)
SELECT $1, $2, $3, $4, $5, $6, $7
WHERE (SELECT COALESCE(SUM(bytes), 0) FROM upload
       WHERE owner_type = $1 AND owner_id = $2 AND created_at >= $8) + $6 <= $9)";

constexpr std::string_view kSumSince = R"(
SELECT COALESCE(SUM(bytes), 0) FROM upload
WHERE owner_type = $1 AND owner_id = $2 AND created_at >= $3)";

std::string_view type_of(const model::UploadOwner& owner) {
  return owner.kind == model::UploadOwner::Kind::kManager ? "manager" : "user";
}

std::int64_t number(std::uint64_t n) {
  return static_cast<std::int64_t>(n);
}

class SqlUploadStore final : public UploadStore {
 public:
  explicit SqlUploadStore(Database& db) : db_(db) {}

  Task<Result<bool>> add(model::Upload upload, UploadQuota quota, Deadline by) override {
    std::int64_t rows = 0;
    Database::Job job = [&](Connection& c) -> Result<void> {
      const Param params[] = {type_of(upload.owner),
                              upload.owner.id,
                              upload.url,
                              upload.name,
                              upload.mime,
                              number(upload.bytes),
                              param(upload.created_at),
                              param(quota.since),
                              number(quota.bytes)};
      TRY(rows, c.execute(kInsertWithinQuota, params));
      return {};
    };
    CO_CHECK_OK(co_await db_.write(std::move(job), by));
    co_return rows == 1;
  }

  Task<Result<std::uint64_t>> used(model::UploadOwner owner, Time since, Deadline by) override {
    std::int64_t sum = 0;
    Database::Job job = [&](Connection& c) {
      const Param params[] = {type_of(owner), owner.id, param(since)};
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
