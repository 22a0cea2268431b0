#include "media/cover_maker.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/log.h"
#include "media/stored_file.h"

namespace qn::media {
namespace {

constexpr std::string_view kFolder = "Diy/VideoScreenshot";
constexpr std::string_view kNoPicture = "截图生成失败";
constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kRandomDigits = 6;
constexpr std::chrono::milliseconds kToolTime{8'000};
constexpr std::size_t kToolMemory = 1024ull * 1024 * 1024;
constexpr std::size_t kMaxPicture = 16 * 1024 * 1024;

// Formats that hold what they show; those with lists of other files are not here.
constexpr std::string_view kFormats = "mov,avi,matroska,mpegts,mpeg,flv";
constexpr std::string_view kCodecs =
    "h264,hevc,mpeg4,mpeg1video,mpeg2video,vp8,vp9,av1,libdav1d,h263,mjpeg,msmpeg4,msmpeg4v2,"
    "msmpeg4v1,wmv1,wmv2,flv";
constexpr std::string_view kMaxPixels = "36000000";  // 8K

std::string seconds_of(std::chrono::milliseconds at) {
  char text[32];
  std::snprintf(text, sizeof text, "%lld.%03lld", static_cast<long long>(at.count() / 1000),
                static_cast<long long>(at.count() % 1000));
  return text;
}

std::vector<std::string> arguments_of(const CoverOrder& order) {
  std::vector<std::string> out{
      "-nostdin", "-hide_banner", "-loglevel", "quiet",
      // Of the input. Its name is another one for the descriptor that is open.
      "-protocol_whitelist", "file", "-format_whitelist", std::string(kFormats), "-codec_whitelist",
      std::string(kCodecs), "-max_pixels", std::string(kMaxPixels), "-threads", "1", "-an", "-sn",
      "-dn", "-ss", seconds_of(order.at), "-i", "file:/dev/stdin",
      // Of the picture.
      "-frames:v", "1", "-map_metadata", "-1", "-filter_threads", "1", "-threads", "1"};
  if (order.width) {
    out.insert(out.end(), {"-vf", "scale=" + std::to_string(*order.width) + ":-1"});
  }
  const bool is_png = order.format == "png";
  out.insert(out.end(), {"-c:v", is_png ? "png" : "mjpeg"});
  if (!is_png) out.insert(out.end(), {"-q:v", "3"});
  out.insert(out.end(), {"-f", "image2pipe", "pipe:1"});
  return out;
}

Error no_picture(std::string_view detail) {
  return {ErrorCode::kRefused, std::string(kNoPicture), std::string(detail)};
}

}  // namespace

CoverMaker::CoverMaker(DiskStore& disk, WorkerPool& pool, const Clock& clock, Random& random,
                       Metrics& metrics, std::optional<std::filesystem::path> ffmpeg)
    : disk_(disk),
      pool_(pool),
      clock_(clock),
      random_(random),
      ffmpeg_(std::move(ffmpeg)),
      made_(metrics.counter("qn_covers_total", "Pictures taken out of uploaded films.",
                            {{"result", "made"}})),
      failed_(metrics.counter("qn_covers_total", "Pictures taken out of uploaded films.",
                              {{"result", "failed"}})) {
  if (!ffmpeg_) log::warn("media.no_ffmpeg", {{"what", "no film covers: ffmpeg is not installed"}});
}

Task<Result<Cover>> CoverMaker::make(CoverOrder order, Deadline by) {
  auto job = [this, order, by] { return make_now(order, by); };
  auto made = co_await pool_.run(std::move(job));
  if (!made.has_value()) co_return std::move(made).error();
  (made->has_value() ? made_ : failed_).add();
  if (!made->has_value()) {
    log::info("media.no_cover", {{"path", order.film}, {"what", made->error().detail}});
  }
  co_return std::move(*made);
}

Result<Cover> CoverMaker::make_now(const CoverOrder& order, Deadline by) {
  const Descriptor film = open_stored(disk_.root(), order.film);
  if (!film) return Error{ErrorCode::kNotFound, {}, "no such film"};
  TRY(std::string bytes, picture_of(order, film.get(), by));
  const auto make_name = [&] {
    std::string name = "screenshot_" + std::to_string(to_millis(clock_.now())) + '_';
    for (std::size_t i = 0; i < kRandomDigits; ++i) name += kDigits[random_.below(kDigits.size())];
    return name + '.' + order.format;
  };
  const FileKind kind{'.' + order.format, FileClass::kImage};
  auto file = disk_.publish_made(bytes, kind, kFolder, make_name);
  if (file.has_value()) return Cover{std::move(*file), std::move(bytes)};
  if (file.error().code == ErrorCode::kRefused) return no_picture("what came out is no picture");
  return std::move(file).error();
}

// Whatever goes wrong in there is the film's fault, as far as anybody can tell.
Result<std::string> CoverMaker::picture_of(const CoverOrder& order, int film, Deadline by) const {
  if (!ffmpeg_) return no_picture("ffmpeg is not installed");
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      by.at() - std::chrono::steady_clock::now());
  if (left.count() <= 0) return Error{ErrorCode::kDeadline, {}, "the queue of covers is too long"};
  ToolRun run;
  run.program = *ffmpeg_;
  run.arguments = arguments_of(order);
  run.environment = {"MALLOC_ARENA_MAX=1"};
  run.input = film;
  run.max_output = kMaxPicture;
  run.memory = kToolMemory;
  run.time = std::min(kToolTime, left);
  run.is_cancelled = &is_stopping_;
  auto bytes = run_tool(run);
  if (!bytes.has_value()) return no_picture(bytes.error().detail);
  if (bytes->empty()) return no_picture("the film has no picture at that time");
  return bytes;
}

}  // namespace qn::media
