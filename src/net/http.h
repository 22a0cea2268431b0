#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "net/websocket.h"

namespace qn::net {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };

std::string_view to_string(Method method);

// Header fields in one block of memory, names compared without case.
class Headers {
 public:
  void add(std::string_view name, std::string_view value);
  // The first field of that name, or "".
  std::string_view find(std::string_view name) const;
  bool has(std::string_view name) const;
  // Whether the fields of that name, lists with commas, hold the token; without case.
  bool has_token(std::string_view name, std::string_view token) const;
  // The values of all fields of that name, with ", " in between.
  std::string join(std::string_view name) const;
  void clear();
  // Room for that much text and that many fields, so that add() does not allocate.
  void reserve(std::size_t bytes, std::size_t fields);

  std::size_t size() const { return fields_.size(); }
  std::pair<std::string_view, std::string_view> at(std::size_t i) const;

 private:
  struct Field {
    std::uint32_t name, name_size, value, value_size;
  };
  std::string text_;
  std::vector<Field> fields_;
};

// Takes a request body while it arrives, instead of HttpRequest::body: uploads.
// Made by HttpService::open_body, owned by the connection until the body is
// complete, then by the request; used on the connection's loop. Destroyed before
// that when the client breaks off.
class BodySink {
 public:
  virtual ~BodySink() = default;
  // The next piece, never empty; nothing more is read until this returns. An
  // error ends the reading: the service answers, then the connection closes.
  virtual Task<Result<void>> write(std::string_view piece) = 0;
};

// One parsed request. The transport fills everything; `body` and `sink` are empty
// while the service only looks at the head.
struct HttpRequest {
  Method method = Method::kGet;
  std::string target;  // origin-form as sent: path and query, percent-encoded
  Headers headers;
  std::string body;
  std::unique_ptr<BodySink> sink;  // has the body, of a route that streams
  std::string peer;                // address of the socket's other end
  std::string address;             // of the client: differs from `peer` behind a trusted proxy
  std::string id;                  // request id: in the log, in X-Request-Id
  bool is_tls = false;

  std::string_view path() const;   // before '?', still encoded
  std::string_view query() const;  // after '?', or ""
  bool is_upgrade() const;         // asks for a WebSocket (RFC 6455 §4.1)
};

// A body made while it is sent: files, exports.
class BodySource {
 public:
  virtual ~BodySource() = default;
  // The next piece; an empty one ends the body. An error cuts the connection.
  virtual Task<Result<std::string>> next() = 0;
};

struct HttpReply {
  int status = 200;
  std::string content_type;  // empty: no such header
  std::string body;
  std::unique_ptr<BodySource> source;           // instead of `body`
  std::optional<std::uint64_t> content_length;  // of `source`; nothing: chunked
  std::vector<std::pair<std::string, std::string>> headers;
  std::string_view route = "none";  // label in metrics and log; a constant
  // Of a request that is_upgrade(): the connection becomes a WebSocket (101) and
  // everything else here but `route` is ignored. A malformed handshake is answered
  // with 400, another version of the protocol with 426, one socket too many with 503.
  std::unique_ptr<WsHandler> websocket;
};

// What to do with a body that is streamed.
struct BodyPlan {
  std::size_t limit = 0;  // most bytes; more is answered with 413
  std::unique_ptr<BodySink> sink;
  std::optional<HttpReply> refusal;  // instead: answered at once, and the connection closes
};

// What the transport asks of the application. Called on the connection's loop.
class HttpService {
 public:
  virtual ~HttpService() = default;
  // Most bytes of body this request may have; more is answered with 413. Nothing:
  // the body is streamed, see open_body().
  virtual std::optional<std::size_t> body_limit(const HttpRequest& head) = 0;
  // Before the body of a request without a limit is read or invited. `head` is
  // identified: address and id are set. It stays until the task has ended.
  virtual Task<BodyPlan> open_body(const HttpRequest& head) = 0;
  // An exception is logged with the request id and answered like status 500.
  virtual Task<HttpReply> handle(HttpRequest request) = 0;
  // The body of an answer the transport has to give itself: 400, 408, 413, 426,
  // 431, 500, 501, 503, 505.
  virtual HttpReply transport_error(int status) = 0;
};

}  // namespace qn::net
