#include <algorithm>
#include <optional>

#include "base/bytes.h"
#include "wire/body.h"
#include "wire/escapes.h"
#include "wire/header_value.h"

namespace qn::wire {
namespace {

constexpr std::size_t kMaxHeaderBlock = 8_KiB;
constexpr std::size_t kMaxBoundary = 70;  // RFC 2046 §5.1.1
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kBlankLine = "\r\n\r\n";

Error malformed(std::string_view detail) {
  return {ErrorCode::kMalformed, "请求体不是合法的表单", "multipart: " + std::string(detail)};
}

struct Delimiter {
  std::size_t begin;  // where the data before it ends
  std::size_t end;    // where the next part begins
  bool is_last;
};

// The delimiter line of which `begin` to `after` are CRLF, "--" and the
// boundary; nothing when what follows makes it ordinary data.
std::optional<Delimiter> complete(std::string_view body, std::size_t begin, std::size_t after) {
  if (body.substr(after, 2) == "--") return Delimiter{begin, after + 2, true};
  const std::size_t end = body.find_first_not_of(" \t", after);
  if (end == std::string_view::npos || body.substr(end, 2) != kLineEnd) return std::nullopt;
  return Delimiter{begin, end + kLineEnd.size(), false};
}

// The next delimiter at or after `from`. Linear in what it passes over: the
// pattern has its only '\r' in front, so that failed comparisons never overlap.
std::optional<Delimiter> find_delimiter(std::string_view body, std::string_view pattern,
                                        std::size_t from) {
  for (auto at = body.find(pattern, from); at != std::string_view::npos;
       at = body.find(pattern, at + 1)) {
    if (auto found = complete(body, at, at + pattern.size())) return found;
  }
  return std::nullopt;
}

// The first one may stand at the very beginning, without the CRLF.
std::optional<Delimiter> find_first(std::string_view body, std::string_view pattern) {
  const std::string_view line = pattern.substr(kLineEnd.size());
  if (body.starts_with(line)) {
    if (auto found = complete(body, 0, line.size())) return found;
  }
  return find_delimiter(body, pattern, 0);
}

std::string base_name(std::string name) {
  const std::size_t slash = name.find_last_of("/\\");
  return slash == std::string::npos ? name : name.substr(slash + 1);
}

bool read_disposition(std::string_view text, Part& part) {
  const HeaderValue disposition = parse_header_value(text);
  const std::string* name = disposition.find("name");
  if (disposition.value != "form-data" || name == nullptr) return false;
  part.name = scrub_utf8(*name);
  const std::string* filename = disposition.find("filename");
  const std::string* extended = disposition.find("filename*");
  const auto decoded = extended == nullptr ? std::nullopt : decode_extended(*extended);
  part.is_file = filename != nullptr || decoded.has_value();
  if (part.is_file) part.filename = base_name(decoded ? *decoded : scrub_utf8(*filename));
  return true;
}

// Reads the header lines, each still with its CRLF; false when one is broken
// or the name of the field is missing or given twice.
bool read_headers(std::string_view block, Part& part) {
  bool is_named = false;
  while (!block.empty()) {
    const std::size_t end = block.find(kLineEnd);
    const std::string_view line = block.substr(0, end);
    block.remove_prefix(end + kLineEnd.size());
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return false;
    const std::string name = to_lower_ascii(line.substr(0, colon));
    std::string_view value = line.substr(colon + 1);
    value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
    if (name == "content-disposition") {
      if (is_named || !read_disposition(value, part)) return false;
      is_named = true;
    }
    if (name == "content-type") part.content_type = scrub_utf8(std::string(value));
  }
  return is_named;
}

Result<std::string> find_pattern(std::string_view content_type) {
  const HeaderValue type = parse_header_value(content_type);
  const std::string* boundary = type.find("boundary");
  if (boundary == nullptr || boundary->empty()) return malformed("no boundary");
  if (boundary->size() > kMaxBoundary) return malformed("boundary too long");
  if (boundary->find_first_of(kLineEnd) != std::string::npos) return malformed("bad boundary");
  return "\r\n--" + *boundary;
}

}  // namespace

Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body,
                                          std::size_t max_parts) {
  TRY(const std::string pattern, find_pattern(content_type));
  std::vector<Part> parts;
  auto delimiter = find_first(body, pattern);
  while (delimiter && !delimiter->is_last) {
    if (parts.size() == max_parts) return malformed("too many parts");
    const std::string_view rest = body.substr(delimiter->end);
    const std::size_t blank = rest.substr(0, kMaxHeaderBlock).find(kBlankLine);
    if (blank == std::string_view::npos) return malformed("no end of a part's header");
    Part part;
    if (!read_headers(rest.substr(0, blank + kLineEnd.size()), part)) {
      return malformed("bad header of a part");
    }
    const std::size_t data = delimiter->end + blank + kBlankLine.size();
    // The CRLF that ends the header may also begin the delimiter of no data.
    delimiter = find_delimiter(body, pattern, data - kLineEnd.size());
    if (delimiter && delimiter->begin > data) {
      part.data = body.substr(data, delimiter->begin - data);
    }
    parts.push_back(std::move(part));
  }
  if (!delimiter) return malformed("body ends early");
  return parts;
}

}  // namespace qn::wire
