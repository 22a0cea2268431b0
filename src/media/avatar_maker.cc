#include "media/avatar_maker.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <filesystem>

#include "base/log.h"
#include "media/stored_file.h"

namespace qn::media {
namespace {

// A picture may say it is larger than what its bytes could ever fill.
constexpr std::uint64_t kMaxPixels = 50'000'000;
constexpr std::uint64_t kMaxSide = 16'384;
constexpr std::size_t kMaxHeaderText = 4096;
constexpr std::size_t kMaxAvatar = 256 * 1024;

}  // namespace

std::optional<PictureSize> parse_picture_size(std::string_view text) {
  PictureSize size;
  const char* end = text.data() + text.size();
  const auto width = std::from_chars(text.data(), end, size.width);
  if (width.ec != std::errc() || width.ptr == end || *width.ptr != 'x') return std::nullopt;
  const auto height = std::from_chars(width.ptr + 1, end, size.height);
  if (height.ec != std::errc()) return std::nullopt;
  return size;
}

AvatarMaker::AvatarMaker(DiskStore& disk, WorkerPool& pool, Metrics& metrics)
    : disk_(disk),
      pool_(pool),
      measure_(find_tool("vipsheader")),
      shrink_(find_tool("vipsthumbnail")),
      made_(metrics.counter("qn_avatars_total", "Small versions made of uploaded pictures.",
                            {{"result", "made"}})),
      failed_(metrics.counter("qn_avatars_total", "Small versions made of uploaded pictures.",
                              {{"result", "failed"}})) {
  if (!measure_ || !shrink_) {
    log::warn("media.no_vips", {{"what", "no small avatars: libvips-tools is not installed"}});
  }
}

ToolRun AvatarMaker::run_of(const std::filesystem::path& program, int picture) const {
  ToolRun run;
  run.program = program;
  run.input = picture;
  // The last two: pictures stay in memory, and no code is made at run time.
  run.environment = {"VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1", "MALLOC_ARENA_MAX=1",
                     "VIPS_DISC_THRESHOLD=400m", "ORC_CODE=backup"};
  run.is_cancelled = &is_stopping_;
  return run;
}

void AvatarMaker::request(std::string path) {
  if (!measure_ || !shrink_) return;
  auto job = [this, path] {
    if (is_stopping_) return;
    const auto made = make(path);
    (made.has_value() ? made_ : failed_).add();
    if (!made.has_value()) {
      log::info("media.no_avatar", {{"path", path}, {"what", made.error().detail}});
    }
  };
  if (!pool_.submit(std::move(job))) failed_.add();
}

Result<void> AvatarMaker::check_size(int picture) const {
  ToolRun run = run_of(*measure_, picture);
  run.arguments = {"stdin"};
  run.max_output = kMaxHeaderText;
  TRY(const std::string text, run_tool(run));  // "600x400 uchar, 3 bands, srgb, …"
  const auto size = parse_picture_size(text);
  if (!size) return internal_error("the size cannot be read");
  if (size->width > kMaxSide || size->height > kMaxSide ||
      size->width * size->height > kMaxPixels) {
    return internal_error("too large: " + text.substr(0, text.find(' ')));
  }
  return {};
}

Result<void> AvatarMaker::make(const std::string& path) const {
  const auto original = disk_.root() / path;
  const Descriptor picture = open_stored(disk_.root(), path);
  if (!picture) return disk_error("cannot open a picture", errno);
  CHECK_OK(check_size(picture.get()));
  ::lseek(picture.get(), 0, SEEK_SET);
  ToolRun run = run_of(*shrink_, picture.get());
  run.arguments = {"stdin",  "--size", "192x192>",         "--smartcrop",
                   "centre", "-o",     ".webp[Q=80,strip]"};
  run.max_output = kMaxAvatar;
  TRY(const std::string bytes, run_tool(run));
  TRY(auto file, disk_.make_temporary());
  CHECK_OK(file.write(bytes));
  CHECK_OK(file.seal());
  TRY([[maybe_unused]] const bool is_first,
      file.publish(original.string() + std::string(kAvatarSuffix)));
  return {};
}

}  // namespace qn::media
