#include "chat/uploads.h"

#include <utility>

#include "base/log.h"
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

UploadService::UploadService(store::UploadStore& uploads, media::DiskStore& disk,
                             media::AvatarMaker& avatars, RateLimits& limits, const Clock& clock,
                             UploadOptions options)
    : uploads_(uploads),
      disk_(disk),
      avatars_(avatars),
      limits_(limits),
      clock_(clock),
      options_(options) {}

Task<Result<std::unique_ptr<Upload>>> UploadService::begin(UploadRequest request, Deadline by) {
  if (request.folder) {
    CO_TRY(request.folder, media::folder_of_name(*request.folder));
  }
  CO_CHECK_OK(co_await limits_.check(Limit::kUploadUser, subject_of(request.owner)));
  const auto quota = quota_of(request.owner);
  CO_TRY(const std::uint64_t used, co_await uploads_.used(request.owner, quota.since, by));
  if (used + request.expected > quota.bytes) co_return refused(texts::kUploadQuota);
  co_return std::make_unique<Upload>(*this, std::move(request));
}

store::UploadQuota UploadService::quota_of(const model::UploadOwner& owner) const {
  const auto local = clock_.now() + options_.utc_offset;
  const auto midnight = std::chrono::floor<std::chrono::days>(local) - options_.utc_offset;
  const bool is_manager = owner.kind == model::UploadOwner::Kind::kManager;
  return {midnight, options_.bytes_per_day * (is_manager ? kManagerFactor : 1)};
}

Task<Result<void>> UploadService::note(const UploadRequest& request, std::string filename,
                                       const media::Published& file, Deadline by) {
  model::Upload row{.owner = request.owner,
                    .url = std::string(kUrlPrefix) + file.path,
                    .name = kept_name(std::move(filename)),
                    .mime = file.mime,
                    .bytes = file.bytes,
                    .created_at = clock_.now()};
  const auto added = co_await uploads_.add(std::move(row), quota_of(request.owner), by);
  if (added.has_value() && *added) co_return Result<void>();
  const auto removed = co_await disk_.remove(file.path);
  if (!removed.has_value()) log::warn("upload.file_left", {{"what", removed.error().detail}});
  if (!added.has_value()) co_return added.error();
  co_return refused(texts::kUploadQuota);
}

Upload::Upload(UploadService& service, UploadRequest request)
    : service_(service), request_(std::move(request)) {}

Upload::~Upload() = default;

Task<Result<void>> Upload::start(std::string filename) {
  CO_TRY(kind_, media::kind_of_name(filename));
  filename_ = std::move(filename);
  CO_TRY(file_, co_await service_.disk_.create(request_.expected));
  co_return Result<void>();
}

Task<Result<void>> Upload::write(std::string_view bytes) {
  if (file_->size() + bytes.size() > service_.max_bytes()) {
    co_return Error{ErrorCode::kTooLarge, std::string(texts::kFileTooLarge), {}};
  }
  co_return co_await service_.disk_.write(*file_, bytes);
}

Task<Result<StoredFile>> Upload::finish(Deadline by) {
  if (!file_) co_return refused(texts::kNoFile);
  const std::string folder = folder_of(request_);
  CO_TRY(const media::Published file, co_await service_.disk_.publish(*file_, kind_, folder));
  file_.reset();
  CO_CHECK_OK(co_await service_.note(request_, std::move(filename_), file, by));
  if (kind_.file_class == media::FileClass::kImage) service_.avatars_.request(file.path);
  std::string_view path = file.path;
  if (request_.folder) path.remove_prefix(kNamedFolders.size());
  co_return StoredFile{std::string(kUrlPrefix) + file.path, std::string(path),
                       service_.clock_.now()};
}

}  // namespace qn::chat
