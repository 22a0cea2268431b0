#include "chat/uploads.h"

#include <utility>

#include "base/log.h"
#include "chat/caller.h"
#include "chat/texts.h"

namespace qn::chat {
namespace {

constexpr std::string_view kUrlPrefix = "/public/uploads/";
constexpr std::string_view kNamedFolders = "Diy/";
constexpr std::uint64_t kManagerFactor = 10;
constexpr std::size_t kMaxKeptName = 255;

// As much of the client's name as a row keeps, in whole characters.
std::string kept_name(std::string name) {
  if (name.size() <= kMaxKeptName) return name;
  std::size_t end = kMaxKeptName;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;
  name.resize(end);
  return name;
}

std::string subject_of(const model::UploadOwner& owner) {
  const bool is_manager = owner.kind == model::UploadOwner::Kind::kManager;
  return (is_manager ? "manager:" : "user:") + std::to_string(owner.id);
}

std::string folder_of(const UploadRequest& request) {
  return request.folder ? std::string(kNamedFolders) + *request.folder : std::string();
}

}  // namespace

std::string local_url(std::string_view path) {
  return std::string(kUrlPrefix).append(path);
}

UploadService::UploadService(store::UploadStore& uploads, Places places,
                             media::AvatarMaker& avatars, RateLimits& limits, const Clock& clock,
                             UploadOptions options)
    : uploads_(uploads),
      places_(places),
      avatars_(avatars),
      limits_(limits),
      clock_(clock),
      options_(options) {}

Task<Result<std::unique_ptr<Upload>>> UploadService::begin(UploadRequest request, Deadline by) {
  if (request.folder) {
    CO_TRY(request.folder, media::folder_of_name(*request.folder));
  }
  CO_CHECK_OK(co_await check(request.owner, request.expected, by));
  co_return std::make_unique<Upload>(*this, std::move(request));
}

Task<Result<void>> UploadService::check(model::UploadOwner owner, std::uint64_t expected,
                                        Deadline by) {
  CO_CHECK_OK(co_await limits_.check(Limit::kUploadUser, subject_of(owner)));
  const auto quota = quota_of(owner);
  CO_TRY(const std::uint64_t used, co_await uploads_.used(owner, quota.since, by));
  if (used + expected > quota.bytes) co_return refused(texts::kUploadQuota);
  co_return Result<void>();
}

store::UploadQuota UploadService::quota_of(const model::UploadOwner& owner) const {
  const auto local = clock_.now() + options_.utc_offset;
  const auto midnight = std::chrono::floor<std::chrono::days>(local) - options_.utc_offset;
  const bool is_manager = owner.kind == model::UploadOwner::Kind::kManager;
  return {midnight, options_.bytes_per_day * (is_manager ? kManagerFactor : 1)};
}

model::Upload UploadService::row_of(const model::UploadOwner& owner, std::string filename,
                                    const media::Published& file) const {
  return {.owner = owner,
          .url = local_url(file.path),
          .name = kept_name(std::move(filename)),
          .mime = file.mime,
          .bytes = file.bytes,
          .created_at = clock_.now()};
}

Task<Result<void>> UploadService::note(model::UploadOwner owner, std::string filename,
                                       media::Published file, Deadline by) {
  auto added = co_await add(row_of(owner, std::move(filename), file), by);
  if (!added.has_value()) co_await drop(file.path);
  co_return added;
}

Task<Result<void>> UploadService::add(model::Upload row, Deadline by) {
  const auto quota = quota_of(row.owner);
  CO_TRY(const bool is_added, co_await uploads_.add(std::move(row), quota, by));
  if (!is_added) co_return refused(texts::kUploadQuota);
  co_return Result<void>();
}

Task<void> UploadService::drop(std::string path) {
  const auto removed = co_await places_.disk.remove(std::move(path));
  if (!removed.has_value()) log::warn("upload.file_left", {{"what", removed.error().detail}});
}

void UploadService::make_avatar(const media::FileKind& kind, const std::string& path) {
  if (kind.file_class == media::FileClass::kImage) avatars_.request(path);
}

Upload::Upload(UploadService& service, UploadRequest request)
    : service_(service), request_(std::move(request)) {}

Upload::~Upload() = default;

Task<Result<void>> Upload::start(std::string filename) {
  CO_TRY(kind_, media::kind_of_name(filename));
  filename_ = std::move(filename);
  CO_TRY(file_, co_await service_.places_.disk.create(request_.expected));
  co_return Result<void>();
}

Task<Result<void>> Upload::write(std::string_view bytes) {
  if (file_->size() + bytes.size() > service_.max_bytes()) {
    co_return Error{ErrorCode::kTooLarge, std::string(texts::kFileTooLarge), {}};
  }
  co_return co_await service_.places_.disk.write(*file_, bytes);
}

Task<Result<StoredFile>> Upload::finish(Deadline by) {
  if (!file_) co_return refused(texts::kNoFile);
  if (request_.place == UploadPlace::kBucket && service_.places_.bucket != nullptr) {
    co_return co_await finish_in_bucket();
  }
  co_return co_await finish_on_disk(by);
}

Task<Result<StoredFile>> Upload::finish_on_disk(Deadline by) {
  const std::string folder = folder_of(request_);
  CO_TRY(const media::Published file,
         co_await service_.places_.disk.publish(*file_, kind_, folder));
  file_.reset();
  CO_CHECK_OK(co_await service_.note(request_.owner, std::move(filename_), file, by));
  service_.make_avatar(kind_, file.path);
  std::string_view path = file.path;
  if (request_.folder) path.remove_prefix(kNamedFolders.size());
  co_return StoredFile{local_url(file.path), std::string(path), service_.clock_.now()};
}

// The bucket's own clock has run since the request came, hence a new deadline.
Task<Result<StoredFile>> Upload::finish_in_bucket() {
  media::ObjectStore& bucket = *service_.places_.bucket;
  CO_TRY(const media::Published file,
         co_await bucket.publish(*file_, kind_, request_.folder.value_or(std::string())));
  file_.reset();
  auto row = service_.row_of(request_.owner, std::move(filename_), file);
  row.url = bucket.url_of(file.path);
  StoredFile stored{row.url, file.path, row.created_at};
  const auto added = co_await service_.add(std::move(row), Deadline::after(kRequestTime));
  if (added.has_value()) co_return stored;
  const auto removed = co_await bucket.remove(file.path);
  if (!removed.has_value()) log::warn("upload.object_left", {{"what", removed.error().detail}});
  co_return added.error();
}

}  // namespace qn::chat
