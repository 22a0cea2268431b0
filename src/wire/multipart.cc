#include <utility>

#include "wire/body.h"
#include "wire/multipart_reader.h"

namespace qn::wire {

Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body,
                                          std::size_t max_parts) {
  using Event = MultipartReader::Event;
  TRY(auto reader, MultipartReader::open(content_type, max_parts));
  std::vector<Part> parts;
  reader.push(body);
  for (;;) {
    switch (reader.next()) {
      case Event::kPart:
        parts.push_back({reader.part(), {}});
        break;
      case Event::kData:
        parts.back().data += reader.data();
        break;
      case Event::kPartEnd:
        break;
      case Event::kEnd:
        return parts;
      case Event::kNeedMore:
        return body_ends_early();
      case Event::kError:
        return reader.error();
    }
  }
}

}  // namespace qn::wire
