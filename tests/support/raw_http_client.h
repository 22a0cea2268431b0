#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace qn::test {

struct RawResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

// A TCP connection to 127.0.0.1 that sends exactly the bytes it is told to and
// reads HTTP responses strictly. Blocking; every wait is bounded by a few
// seconds, after which it behaves as if the server had said nothing.
class RawHttpClient {
 public:
  enum class Body { kAsFramed, kNone };  // kNone: the answer to a HEAD

  explicit RawHttpClient(std::uint16_t port);
  ~RawHttpClient();
  RawHttpClient(const RawHttpClient&) = delete;
  RawHttpClient& operator=(const RawHttpClient&) = delete;

  bool is_connected() const { return fd_ >= 0; }
  int fd() const { return fd_; }
  std::uint16_t local_port() const;

  // False: the server has gone.
  bool send(std::string_view bytes);
  void end_writing();
  // Nothing when the connection ended or stayed silent before a whole response.
  // Interim (1xx) responses come out like others.
  std::optional<RawResponse> read_response(Body body = Body::kAsFramed);
  // Appends that many bytes. False: the connection ended, or stayed silent, before.
  bool read_exactly(std::size_t n, std::string& out);
  // All bytes up to the end of the connection.
  std::string read_all();
  // Whether the server ends the connection, saying nothing more.
  bool sees_end();
  // Whether a byte arrives within that time.
  bool has_input(std::chrono::milliseconds within);
  // Closes with a reset.
  void abort();

 private:
  bool fill();
  std::optional<std::string> take_line();
  bool take_chunks(std::string& out);

  int fd_ = -1;
  std::string in_;
};

// One GET on a connection of its own; extra fields end with CRLF each.
std::optional<RawResponse> http_get(std::uint16_t port, std::string_view target,
                                    std::string_view extra_fields = {});

}  // namespace qn::test
