#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace qn::test {

// A storage of objects on a free port of 127.0.0.1 that speaks as much of S3
// (Signature Version 4) and OSS (version 1) as a PUT and a DELETE need, and checks
// signatures and digests with code of its own: what is signed wrongly gets 403,
// what arrives damaged 400.
class FakeObjectStorage {
 public:
  static constexpr std::string_view kKey = "TESTKEY";
  static constexpr std::string_view kSecret = "a/secret+of=this test";  // all that must be encoded
  static constexpr std::string_view kBucket = "pictures";
  static constexpr std::string_view kRegion = "eu-west-1";

  FakeObjectStorage();
  ~FakeObjectStorage();

  // Of the setting media.url: "s3" or "oss".
  std::string media_url(std::string_view scheme, std::string_view secret = kSecret) const;
  std::uint16_t port() const { return port_; }

  struct Object {
    std::string bytes;
    std::string type;
  };
  std::optional<Object> find(std::string_view key) const;
  std::size_t count() const;
  int requests() const { return requests_; }

  // The next requests get this status instead, or none.
  static constexpr int kHangUp = 0;
  static constexpr int kSilence = -1;  // until the client has gone
  void fail_next(int count, int status);

 private:
  struct Request {
    std::string method, path, query, body;
    std::map<std::string, std::string> headers;  // names in lower case
  };

  void serve();
  void serve_connection(int fd);
  // False: the connection ends.
  bool read_request(int fd, std::string& in, Request& request) const;
  int answer(const Request& request);
  bool is_signed(const Request& request) const;
  static bool is_whole(const Request& request);

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> requests_ = 0;
  std::atomic<bool> stopping_ = false;

  mutable std::mutex mu_;
  std::map<std::string, Object, std::less<>> objects_;  // by key
  int failures_ = 0;
  int failure_ = 0;

  std::thread thread_;
};

}  // namespace qn::test
