#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "media/object_signature.h"

namespace qn::media {

// A bucket of an object storage, as the setting media.url names it.
struct ObjectTarget {
  enum class Kind { kS3, kOss };
  enum class Style { kPath, kHost };  // where an address has the bucket

  Kind kind = Kind::kS3;
  Style style = Style::kPath;
  bool is_tls = true;
  std::string endpoint;  // host, with its port when it is not the usual one
  std::string bucket;
  std::string region;
  ObjectKey key;
  std::string public_url;  // where everybody reads the bucket; "": at the endpoint

  // The parts of an object's address: host, and path with the key encoded.
  std::string host() const;
  std::string path_of(std::string_view key) const;
  // For requests; for everybody, always https unless public_url says otherwise.
  std::string url_of(std::string_view key) const;
  std::string public_url_of(std::string_view key) const;
};

// "disk:" is none. Else s3:// or oss://KEY:SECRET@ENDPOINT/BUCKET with the
// options ?region=…&style=path|host&tls=true|false&public=https://…, where KEY,
// SECRET and values are percent-encoded. kRefused with the end of the sentence
// "must be …".
Result<std::optional<ObjectTarget>> parse_media_url(std::string_view text);

}  // namespace qn::media
