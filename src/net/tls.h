#pragma once

#include <filesystem>
#include <memory>
#include <mutex>

#include "base/result.h"
#include "net/stream.h"

struct ssl_ctx_st;

namespace qn::net {

// Certificate and settings of the TLS side: version 1.2 at least, HTTP/1.1 only.
// Owned by the server; any thread. Connections keep what they began with when
// the files are loaded again.
class TlsContext {
 public:
  TlsContext(std::filesystem::path cert, std::filesystem::path key);

  // Reads both files. kRefused with a text for the operator; what was loaded
  // before stays.
  Result<void> load();
  // Null while the context cannot make one (memory).
  std::unique_ptr<Stream> make_stream(Socket socket) const;

 private:
  const std::filesystem::path cert_;
  const std::filesystem::path key_;

  mutable std::mutex mu_;
  std::shared_ptr<ssl_ctx_st> context_;
};

}  // namespace qn::net
