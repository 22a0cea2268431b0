// Multipart bodies: the first line of the input is the Content-Type, the rest
// the body. Parts are pieces of the body in order, and any data that does not
// hold the delimiter comes back whole.
#include <cstdint>
#include <string_view>

#include "base/text.h"
#include "require.h"
#include "wire/body.h"

namespace qn::wire {
namespace {

using fuzz::require;

constexpr std::size_t kMaxParts = 20;

void check_parts(const std::vector<Part>& parts, std::string_view body) {
  require(parts.size() <= kMaxParts);
  std::size_t from = 0;
  for (const Part& part : parts) {
    const std::size_t at = body.find(part.data, from);
    require(at != std::string_view::npos);
    from = at + part.data.size();
    require(is_utf8(part.name) && is_utf8(part.filename) && is_utf8(part.content_type));
    require(part.filename.find_first_of("/\\") == std::string::npos);
    require(part.is_file || part.filename.empty());
  }
}

void check_input(std::string_view content_type, std::string_view body) {
  const auto parts = parse_multipart(content_type, body, kMaxParts);
  if (parts) check_parts(*parts, body);
  if (!parts) require(parts.error().code == ErrorCode::kMalformed);

  const auto whole = parse_body(content_type, body);
  if (!whole) require(whole.error().code == ErrorCode::kMalformed);
}

void check_data(std::string_view data) {
  if (data.find("\r\n--qn") != std::string_view::npos || data.starts_with("--qn")) return;
  std::string body = "--qn\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n\r\n";
  body.append(data).append("\r\n--qn--\r\n");
  const auto parts = parse_multipart("multipart/form-data; boundary=qn", body);
  require(parts.has_value() && parts->size() == 1);
  require(parts->front().data == data);
}

}  // namespace
}  // namespace qn::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  if (line == std::string_view::npos) return 0;
  qn::wire::check_input(input.substr(0, line), input.substr(line + 1));
  qn::wire::check_data(input.substr(line + 1));
  return 0;
}
