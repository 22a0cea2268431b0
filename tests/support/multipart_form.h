#pragma once

#include <string>
#include <string_view>

#include "support/test_server.h"

namespace qn::test {

// A multipart/form-data body, put together part by part; its boundary is "qn".
class MultipartForm {
 public:
  MultipartForm& field(std::string_view name, std::string_view value) {
    return part("name=\"" + std::string(name) + '"', value);
  }
  MultipartForm& file(std::string_view name, std::string_view filename, std::string_view bytes) {
    return part("name=\"" + std::string(name) + "\"; filename=\"" + std::string(filename) + '"',
                bytes);
  }

  std::string body() const { return parts_ + "--qn--\r\n"; }
  // The parts so far, without an end.
  const std::string& begun() const { return parts_; }

  static constexpr std::string_view kType = "multipart/form-data; boundary=qn";

 private:
  MultipartForm& part(const std::string& disposition, std::string_view data) {
    parts_ += "--qn\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n";
    parts_.append(data).append("\r\n");
    return *this;
  }

  std::string parts_;
};

// The smallest picture, one transparent pixel.
inline constexpr std::string_view kPng(
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx"
    "\xda\x63\x64\xf8\xcf\x50\x0f\0\x03\x86\x01\x80\x5a\x34\x7d\x6b\0\0\0\0IEND\xae\x42\x60\x82",
    70);
// What a film begins with.
inline constexpr std::string_view kMp4(
    "\0\0\0\x18"
    "ftypmp42\0\0\0\0mp42isom",
    24);

}  // namespace qn::test
