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

Result<TempFile> DiskStore::make_temporary() {
  const auto folder = options_.root / kTemporary;
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return disk_error("cannot make a folder", failed.value());
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

Result<Published> DiskStore::publish_now(TempFile& file, const FileKind& kind,
                                         const std::string& folder) {
  TRY(const std::string head, file.head(kTypeHead));
  TRY(std::string mime, file_type(head));
  CHECK_OK(check_content(kind, mime, head));
  CHECK_OK(file.seal());
  const auto below = std::filesystem::path(folder) / day_of(clock_.now(), options_.utc_offset);
  CHECK_OK(make_folders(options_.root, below));
  TRY(const std::string name, link_as(file, options_.root / below, kind.extension));
  if (auto synced = sync_folder(options_.root / below); !synced.has_value()) {
    std::error_code ignored;
    std::filesystem::remove(options_.root / below / name, ignored);
    return std::move(synced).error();
  }
  return Published{(below / name).string(), std::move(mime), file.size()};
}

Result<std::string> DiskStore::link_as(TempFile& file, const std::filesystem::path& folder,
                                       const std::string& extension) {
  for (int i = 0; i < kMaxTries; ++i) {
    const std::string name = std::to_string(to_millis(clock_.now())) + '_' +
                             std::to_string(random_.below(kNames)) + extension;
    TRY(const bool is_free, file.publish(folder / name));
    if (is_free) return name;
  }
  return internal_error("no free name for an upload");
}

std::string day_of(Time time, std::chrono::minutes utc_offset) {
  const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(time + utc_offset));
  char text[24];
  std::snprintf(text, sizeof text, "%04d%02u%02u", static_cast<int>(day.year()),
                static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()));
  return text;
}

}  // namespace qn::media
