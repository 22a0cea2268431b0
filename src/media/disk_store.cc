#include "media/disk_store.h"

#include <cerrno>
#include <cstdio>
#include <utility>

#include "media/file_type.h"

namespace qn::media {
namespace {

constexpr std::string_view kTemporary = ".tmp";
constexpr std::uint64_t kNames = 100'000'000;  // of one millisecond, as in the reference
constexpr int kMaxTries = 20;

// The job's result in one piece: a full pool and a failed job are both errors.
template <class T>
Result<T> flat(Result<Result<T>> nested) {
  if (!nested.has_value()) return std::move(nested).error();
  return std::move(*nested);
}

}  // namespace

DiskStore::DiskStore(DiskOptions options, WorkerPool& pool, Clock& clock, Random& random)
    : options_(std::move(options)), pool_(pool), clock_(clock), random_(random) {}

void DiskStore::sweep() {
  std::error_code ignored;
  std::filesystem::remove_all(options_.root / kTemporary, ignored);
}

Result<std::filesystem::path> DiskStore::temporary_folder() const {
  auto folder = options_.root / kTemporary;
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return disk_error("cannot make a folder", failed.value());
  return folder;
}

Result<TempFile> DiskStore::make_temporary() {
  TRY(const auto folder, temporary_folder());
  return TempFile::make(folder, random_.hex(16));
}

Result<void> DiskStore::check_space(int fd, std::uint64_t expected) const {
  if (options_.min_free == 0) return {};
  TRY(const std::uint64_t left, free_space(fd));
  if (left < options_.min_free + expected) return disk_error("media.min_free", ENOSPC);
  return {};
}

Task<Result<std::unique_ptr<TempFile>>> DiskStore::create(std::uint64_t expected) {
  auto job = [this, expected]() -> Result<std::unique_ptr<TempFile>> {
    TRY(auto file, make_temporary());
    CHECK_OK(check_space(file.fd(), expected));
    return std::make_unique<TempFile>(std::move(file));
  };
  co_return flat(co_await pool_.run(std::move(job)));
}

Task<Result<void>> DiskStore::write(TempFile& file, std::string_view bytes) {
  auto job = [this, &file, bytes]() -> Result<void> {
    CHECK_OK(check_space(file.fd(), bytes.size()));
    return file.write(bytes);
  };
  co_return flat(co_await pool_.run(std::move(job)));
}

Task<Result<Published>> DiskStore::publish(TempFile& file, FileKind kind, std::string folder) {
  auto job = [this, &file, kind, folder] { return publish_now(file, kind, folder); };
  co_return flat(co_await pool_.run(std::move(job)));
}

Task<Result<void>> DiskStore::remove(std::string path) {
  auto job = [this, path]() -> Result<void> {
    std::error_code failed;
    std::filesystem::remove(options_.root / path, failed);
    if (failed) return disk_error("cannot remove an upload", failed.value());
    return {};
  };
  co_return flat(co_await pool_.run(std::move(job)));
}

Task<Result<std::unique_ptr<TempFile>>> DiskStore::adopt(std::filesystem::path existing) {
  auto job = [this, existing]() -> Result<std::unique_ptr<TempFile>> {
    TRY(const auto folder, temporary_folder());
    TRY(auto file, TempFile::link(existing, folder, random_.hex(16)));
    return std::make_unique<TempFile>(std::move(file));
  };
  co_return flat(co_await pool_.run(std::move(job)));
}

Result<Published> DiskStore::publish_now(TempFile& file, const FileKind& kind,
                                         const std::string& folder) {
  TRY(std::string mime, check_file(file, kind));
  const auto below = std::filesystem::path(folder) / day_of(clock_.now(), options_.utc_offset);
  const auto make_name = [&] {
    return std::to_string(to_millis(clock_.now())) + '_' + std::to_string(random_.below(kNames)) +
           kind.extension;
  };
  TRY(const std::string name, link_below(file, below, make_name));
  return Published{(below / name).string(), std::move(mime), file.size()};
}

Result<Published> DiskStore::publish_made(std::string_view bytes, const FileKind& kind,
                                          const std::filesystem::path& folder,
                                          const std::function<std::string()>& make_name) {
  TRY(auto file, make_temporary());
  CHECK_OK(check_space(file.fd(), bytes.size()));
  CHECK_OK(file.write(bytes));
  TRY(std::string mime, check_file(file, kind));
  TRY(const std::string name, link_below(file, folder, make_name));
  return Published{(folder / name).string(), std::move(mime), file.size()};
}

Result<std::string> DiskStore::link_below(TempFile& file, const std::filesystem::path& below,
                                          const std::function<std::string()>& make_name) {
  CHECK_OK(file.seal());
  CHECK_OK(make_folders(options_.root, below));
  const auto folder = options_.root / below;
  for (int i = 0; i < kMaxTries; ++i) {
    std::string name = make_name();
    TRY(const bool is_free, file.publish(folder / name));
    if (!is_free) continue;
    auto synced = sync_folder(folder);
    if (synced.has_value()) return name;
    std::error_code ignored;
    std::filesystem::remove(folder / name, ignored);
    return std::move(synced).error();
  }
  return internal_error("no free name for an upload");
}

Result<std::string> check_file(const TempFile& file, const FileKind& kind) {
  TRY(const std::string head, file.head(kTypeHead));
  TRY(std::string mime, file_type(head));
  CHECK_OK(check_content(kind, mime, head));
  return mime;
}

std::string day_of(Time time, std::chrono::minutes utc_offset) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time + utc_offset));
  char text[24];
  std::snprintf(text, sizeof text, "%04d%02u%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}

}  // namespace qn::media
