#include "net/static_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "base/event_loops.h"
#include "base/text.h"
#include "net/content_type.h"
#include "net/http_date.h"
#include "net/open_beneath.h"

namespace qn::net {
namespace {

constexpr std::size_t kSmallFile = 64_KiB;  // read while it is opened
constexpr std::size_t kPiece = 256_KiB;
constexpr std::chrono::milliseconds kPoolPause{50};
constexpr int kMaxPoolPauses = 100;
constexpr std::string_view kRoute = "static";

std::string hex(std::uint64_t n) {
  char digits[16];
  return {digits, std::to_chars(digits, digits + sizeof digits, n, 16).ptr};
}

// Strong: whoever replaces a file makes a new one or changes its time.
std::string etag_of(const struct stat& st) {
  const auto nanos = static_cast<std::uint64_t>(st.st_mtim.tv_sec) * 1'000'000'000u +
                     static_cast<std::uint64_t>(st.st_mtim.tv_nsec);
  return '"' + hex(st.st_ino) + '-' + hex(static_cast<std::uint64_t>(st.st_size)) + '-' +
         hex(nanos) + '"';
}

// If-None-Match compares weakly (RFC 9110 §13.1.2).
bool lists_etag(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto tag = list.substr(0, comma);
    while (!tag.empty() && (tag.front() == ' ' || tag.front() == '\t')) tag.remove_prefix(1);
    while (!tag.empty() && (tag.back() == ' ' || tag.back() == '\t')) tag.remove_suffix(1);
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    if (tag == "*" || tag == etag) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
  return false;
}

// Fills `size` bytes from `offset`. False: the file got shorter or unreadable.
bool read_at(int fd, std::uint64_t offset, std::size_t size, std::string& out) {
  out.resize(size);
  for (std::size_t have = 0; have < size;) {
    const ssize_t n =
        ::pread(fd, out.data() + have, size - have, static_cast<off_t>(offset + have));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    have += static_cast<std::size_t>(n);
  }
  return true;
}

// Part of a file, piece by piece.
class FileBody final : public BodySource {
 public:
  FileBody(UniqueFd fd, std::uint64_t offset, std::uint64_t length, WorkerPool& pool)
      : fd_(std::move(fd)), offset_(offset), rest_(length), pool_(pool) {}

  Task<Result<std::string>> next() override;

 private:
  const UniqueFd fd_;
  std::uint64_t offset_;
  std::uint64_t rest_;
  WorkerPool& pool_;
};

// A full pool delays a download that has begun; only a long overload ends it.
Task<Result<std::string>> FileBody::next() {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(rest_, kPiece));
  if (size == 0) co_return std::string();
  for (int pauses = 0;; ++pauses) {
    auto job = [this, size] {
      std::string bytes;
      return read_at(fd_.get(), offset_, size, bytes) ? bytes : std::string();
    };
    Result<std::string> piece = co_await pool_.run(std::move(job));
    if (piece && piece->empty()) co_return internal_error("a file changed while it was sent");
    if (piece) {
      offset_ += size;
      rest_ -= size;
    }
    const bool retry = !piece && piece.error().code == ErrorCode::kOverloaded;
    if (!retry || pauses >= kMaxPoolPauses) co_return piece;
    co_await sleep_for(kPoolPause);
  }
}

HttpReply bare(int status) {
  HttpReply reply;
  reply.status = status;
  reply.route = kRoute;
  return reply;
}

}  // namespace

// What of the request matters, copied for the pool.
struct StaticFiles::Ask {
  std::string file;
  bool is_head;
  std::string if_none_match;
  std::string if_modified_since;
  std::string if_range;
  std::string range;

  bool has_current(std::string_view etag, std::int64_t modified) const {
    if (!if_none_match.empty()) return lists_etag(if_none_match, etag);
    const auto since = parse_http_date(if_modified_since);
    return since && modified <= *since;
  }
  ByteRange part_of(std::uint64_t size, std::string_view etag, std::int64_t modified) const {
    const bool same = if_range.empty() || if_range == etag || if_range == http_date(modified);
    return is_head || !same ? ByteRange{} : parse_range(range, size);
  }
};

StaticFiles::StaticFiles(std::filesystem::path root, std::string prefix, Options options,
                         WorkerPool& pool)
    : root_(std::move(root)),
      prefix_(std::move(prefix)),
      options_(std::move(options)),
      pool_(pool) {}

Task<std::optional<HttpReply>> StaticFiles::serve(const HttpRequest& request) {
  const bool is_head = request.method == Method::kHead;
  const auto path = request.path();
  if ((!is_head && request.method != Method::kGet) || !path.starts_with(prefix_)) {
    co_return std::nullopt;
  }
  auto file = relative_file_path(path.substr(prefix_.size()));
  if (!file) co_return std::nullopt;
  const auto& headers = request.headers;
  auto ask = std::make_shared<Ask>();
  ask->file = std::move(*file);
  ask->is_head = is_head;
  ask->if_none_match = headers.find("if-none-match");
  ask->if_modified_since = headers.find("if-modified-since");
  ask->if_range = headers.find("if-range");
  ask->range = headers.find("range");
  auto job = [this, ask] { return answer(*ask); };
  Result<std::optional<HttpReply>> reply = co_await pool_.run(std::move(job));
  if (!reply) co_return bare(503);
  co_return std::move(*reply);
}

std::optional<HttpReply> StaticFiles::answer(const Ask& ask) const {
  UniqueFd fd = open_beneath(root_, ask.file);
  if (!fd) {
    const bool is_out = errno == EMFILE || errno == ENFILE || errno == ENOMEM;
    return is_out ? std::optional(bare(503)) : std::nullopt;
  }
  struct stat st {};
  if (::fstat(fd.get(), &st) != 0 || !S_ISREG(st.st_mode)) return std::nullopt;
  const std::int64_t modified = st.st_mtim.tv_sec;
  const std::string etag = etag_of(st);
  HttpReply reply = bare(200);
  reply.headers.emplace_back("ETag", etag);
  reply.headers.emplace_back("Last-Modified", http_date(modified));
  reply.headers.emplace_back("Cache-Control", options_.cache_control);
  if (ask.has_current(etag, modified)) {
    reply.status = 304;
    return reply;
  }
  reply.headers.emplace_back("Accept-Ranges", "bytes");
  const auto size = static_cast<std::uint64_t>(st.st_size);
  const auto range = ask.part_of(size, etag, modified);
  if (range.kind == ByteRange::Kind::kUnsatisfiable) {
    reply.status = 416;
    reply.headers.emplace_back("Content-Range", "bytes */" + std::to_string(size));
    return reply;
  }
  reply.content_type = content_type_of(ask.file);
  if (options_.attachment_for_active_content && !is_inert(reply.content_type)) {
    reply.headers.emplace_back("Content-Disposition", "attachment");
  }
  const bool filled = range.kind == ByteRange::Kind::kPart
                          ? fill_part(reply, std::move(fd), range, size)
                          : fill(reply, std::move(fd), 0, size, ask.is_head);
  return filled ? std::move(reply) : bare(503);
}

bool StaticFiles::fill_part(HttpReply& reply, UniqueFd fd, const ByteRange& range,
                            std::uint64_t size) const {
  reply.status = 206;
  reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(range.first) + '-' +
                                                  std::to_string(range.first + range.length - 1) +
                                                  '/' + std::to_string(size));
  return fill(reply, std::move(fd), range.first, range.length, false);
}

bool StaticFiles::fill(HttpReply& reply, UniqueFd fd, std::uint64_t first, std::uint64_t length,
                       bool is_head) const {
  if (length <= kSmallFile && !is_head) {
    return read_at(fd.get(), first, static_cast<std::size_t>(length), reply.body);
  }
  reply.content_length = length;
  reply.source = std::make_unique<FileBody>(std::move(fd), first, length, pool_);
  return true;
}

std::optional<std::string> relative_file_path(std::string_view encoded) {
  if (encoded.find("%2f") != std::string_view::npos ||
      encoded.find("%2F") != std::string_view::npos) {
    return std::nullopt;
  }
  std::string path = percent_decode(encoded, Plus::kLiteral);
  if (path.find('\0') != std::string::npos) return std::nullopt;
  for (std::size_t at = 0; at <= path.size();) {
    const auto end = std::min(path.find('/', at), path.size());
    if (end == at || path[at] == '.') return std::nullopt;
    at = end + 1;
  }
  return path;
}

}  // namespace qn::net
