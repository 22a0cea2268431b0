#include "chat/resumable_uploads.h"

#include <unordered_set>
#include <utility>

#include "base/log.h"
#include "chat/texts.h"
#include "media/upload_policy.h"

namespace qn::chat {
namespace {

using model::ResumableUpload;
using model::UploadOwner;

constexpr std::size_t kIdBytes = 16;
constexpr std::string_view kNamedFolders = "Diy/";

UploadOwner owner_of(UserId user) {
  return {UploadOwner::Kind::kUser, user.value};
}

}  // namespace

Task<Result<void>> ResumablePiece::write(std::string_view bytes) {
  if (offset_ > upload_.bytes || bytes.size() > upload_.bytes - offset_) {
    co_return refused(texts::kResumableTooLong);
  }
  CO_CHECK_OK(co_await service_.stores_.partials.write(upload_.id, offset_, bytes));
  offset_ += bytes.size();
  co_return Result<void>();
}

Task<Result<std::uint64_t>> ResumablePiece::finish(Deadline by) {
  auto& stores = service_.stores_;
  CO_TRY(const std::uint64_t size, co_await stores.partials.sync(upload_.id));
  const Time now = service_.clock_.now();
  CO_TRY(const bool is_there, co_await stores.rows.touch(upload_.id, upload_.user, now, by));
  if (!is_there) co_return refused(texts::kNoResumable);
  co_return size;
}

Task<Result<std::string>> ResumableUploads::begin(Caller caller, NewResumable upload, Deadline by) {
  CO_TRY([[maybe_unused]] const auto kind, media::kind_of_name(upload.name));
  CO_TRY(std::string folder, media::folder_of_name(upload.folder));
  if (upload.bytes > options_.max_bytes) {
    co_return Error{ErrorCode::kTooLarge, std::string(texts::kFileTooLarge), {}};
  }
  const UploadOwner owner = owner_of(caller.user);
  CO_CHECK_OK(co_await uploads_.check(owner, upload.bytes, by));
  ResumableUpload row;
  row.id = random_.hex(kIdBytes);
  row.user = caller.user;
  row.folder = std::move(folder);
  row.name = std::move(upload.name);
  row.bytes = upload.bytes;
  row.created_at = clock_.now();
  std::string id = row.id;
  CO_TRY(const bool is_begun,
         co_await stores_.rows.begin(std::move(row), uploads_.quota_of(owner), kMaxOpen, by));
  if (!is_begun) co_return refused(texts::kTooManyResumables);
  co_return id;
}

// The access door: an upload is its user's own.
Task<Result<ResumableUpload>> ResumableUploads::get(UserId user, std::string id, Deadline by) {
  CO_TRY(auto found, co_await stores_.rows.find(std::move(id), user, by));
  if (!found) co_return refused(texts::kNoResumable);
  co_return std::move(*found);
}

Task<Result<std::uint64_t>> ResumableUploads::offset(Caller caller, std::string id, Deadline by) {
  CO_TRY(const ResumableUpload upload, co_await get(caller.user, std::move(id), by));
  if (!upload.url.empty()) co_return upload.bytes;
  co_return co_await stores_.partials.size(upload.id);
}

Task<Result<std::unique_ptr<ResumablePiece>>> ResumableUploads::open(Caller caller, std::string id,
                                                                     std::uint64_t offset,
                                                                     Deadline by) {
  CO_TRY(ResumableUpload upload, co_await get(caller.user, std::move(id), by));
  if (!upload.url.empty()) co_return refused(texts::kResumableTooLong);
  co_return std::make_unique<ResumablePiece>(*this, std::move(upload), offset);
}

Task<Result<StoredFile>> ResumableUploads::finish(Caller caller, std::string id, Deadline by) {
  CO_TRY(const ResumableUpload upload, co_await get(caller.user, std::move(id), by));
  if (!upload.url.empty()) co_return StoredFile{upload.url, {}, clock_.now()};
  CO_TRY(const media::FileKind kind, media::kind_of_name(upload.name));
  const auto file = co_await publish(upload, kind, by);
  if (!file.has_value()) {
    // Perhaps because somebody else has just finished it.
    CO_TRY(const auto now, co_await stores_.rows.find(upload.id, upload.user, by));
    if (!now || now->url.empty()) co_return file.error();
    co_return StoredFile{now->url, {}, clock_.now()};
  }
  CO_TRY(std::string url, co_await note(upload, *file, by));
  co_await drop_partial(upload.id);
  if (url == local_url(file->path)) uploads_.make_avatar(kind, file->path);
  co_return StoredFile{std::move(url), {}, clock_.now()};
}

Task<Result<media::Published>> ResumableUploads::publish(ResumableUpload upload,
                                                         media::FileKind kind, Deadline by) {
  CO_TRY(const std::uint64_t size, co_await stores_.partials.size(upload.id));
  if (size != upload.bytes) co_return refused(texts::kResumableIncomplete);
  CO_TRY(const auto file, co_await stores_.disk.adopt(stores_.partials.path_of(upload.id)));
  const std::string folder = std::string(kNamedFolders) + upload.folder;
  auto published = co_await stores_.disk.publish(*file, kind, folder);
  if (!published.has_value() && published.error().code == ErrorCode::kRefused) {
    CO_CHECK_OK(co_await stores_.rows.remove(upload.id, by));  // it will never be anything else
    co_await drop_partial(upload.id);
  }
  co_return published;
}

Task<Result<std::string>> ResumableUploads::note(ResumableUpload upload, media::Published file,
                                                 Deadline by) {
  using Finished = store::ResumableStore::Finished;
  const UploadOwner owner = owner_of(upload.user);
  model::Upload row = uploads_.row_of(owner, upload.name, file);
  std::string url = row.url;
  const auto finished =
      co_await stores_.rows.finish(upload.id, std::move(row), uploads_.quota_of(owner), by);
  if (finished.has_value() && *finished == Finished::kDone) co_return url;
  co_await uploads_.drop(file.path);
  if (!finished.has_value()) co_return finished.error();
  if (*finished == Finished::kOverQuota) co_return refused(texts::kUploadQuota);
  CO_TRY(ResumableUpload now, co_await get(upload.user, upload.id, by));
  co_return std::move(now.url);
}

Task<void> ResumableUploads::drop_partial(std::string id) {
  const auto removed = co_await stores_.partials.remove(std::move(id));
  if (!removed.has_value()) log::warn("upload.partial_left", {{"what", removed.error().detail}});
}

// The files are listed before the rows: a file whose row is not among them has
// lost it, because rows come first.
Task<Result<void>> ResumableUploads::sweep(Deadline by) {
  CO_CHECK_OK(co_await stores_.rows.remove_older(clock_.now() - kKept, by));
  CO_TRY(const auto files, co_await stores_.partials.list());
  if (files.empty()) co_return Result<void>();
  CO_TRY(const auto open, co_await stores_.rows.open_ids(by));
  const std::unordered_set<std::string> known(open.begin(), open.end());
  for (const auto& id : files) {
    if (known.contains(id)) continue;
    co_await drop_partial(id);
  }
  co_return Result<void>();
}

}  // namespace qn::chat
