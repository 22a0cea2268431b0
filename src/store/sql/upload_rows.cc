#include "store/sql/upload_rows.h"

namespace qn::store {
namespace {

// One statement, so that uploads of one owner at the same time cannot all fit
// into the same rest.
constexpr std::string_view kInsertWithinQuota = R"(
INSERT INTO upload (owner_type, owner_id, url, name, mime, bytes, created_at)
SELECT $1, $2, $3, $4, $5, $6, $7
WHERE (SELECT COALESCE(SUM(bytes), 0) FROM upload
       WHERE owner_type = $1 AND owner_id = $2 AND created_at >= $8) + $6 <= $9)";

}  // namespace

std::string_view upload_owner_type(const model::UploadOwner& owner) {
  return owner.kind == model::UploadOwner::Kind::kManager ? "manager" : "user";
}

Result<bool> add_upload(Connection& c, const model::Upload& upload, const UploadQuota& quota) {
  const Param params[] = {upload_owner_type(upload.owner),
                          upload.owner.id,
                          upload.url,
                          upload.name,
                          upload.mime,
                          static_cast<std::int64_t>(upload.bytes),
                          param(upload.created_at),
                          param(quota.since),
                          static_cast<std::int64_t>(quota.bytes)};
  TRY(const std::int64_t rows, c.execute(kInsertWithinQuota, params));
  return rows == 1;
}

}  // namespace qn::store
