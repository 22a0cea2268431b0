// Multipart bodies: the first line of the input is the Content-Type, the rest
// the body. Parts are pieces of the body in order, and any data that does not
// hold the delimiter comes back whole. Read piece by piece the same comes out.
#include <algorithm>
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

// What parse_multipart() does, from pieces of `step` bytes.
Result<std::vector<Part>> parse_pieces(std::string_view content_type, std::string_view body,
                                       std::size_t step) {
  using Event = MultipartReader::Event;
  TRY(auto reader, MultipartReader::open(content_type, kMaxParts));
  std::vector<Part> parts;
  for (;;) {
    switch (reader.next()) {
      case Event::kNeedMore:
        if (body.empty()) return body_ends_early();
        reader.push(body.substr(0, step));
        body.remove_prefix(std::min(step, body.size()));
        break;
      case Event::kPart:
        parts.push_back({reader.part(), {}});
        break;
      case Event::kData:
        require(!reader.data().empty());
        parts.back().data += reader.data();
        break;
      case Event::kPartEnd:
        break;
      case Event::kEnd:
        return parts;
      case Event::kError:
        return reader.error();
    }
  }
}

void require_same(const Result<std::vector<Part>>& a, const Result<std::vector<Part>>& b) {
  require(a.has_value() == b.has_value());
  if (!a) {
    require(a.error().detail == b.error().detail);
    return;
  }
  require(a->size() == b->size());
  for (std::size_t i = 0; i < a->size(); ++i) {
    const Part& x = (*a)[i];
    const Part& y = (*b)[i];
    require(x.name == y.name && x.filename == y.filename && x.is_file == y.is_file);
    require(x.content_type == y.content_type && x.data == y.data);
  }
}

void check_input(std::string_view content_type, std::string_view body) {
  const auto parts = parse_multipart(content_type, body, kMaxParts);
  for (const std::size_t step : {1u, 2u, 7u, 64u}) {
    require_same(parts, parse_pieces(content_type, body, step));
  }
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
