#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace qn::media {

// One request to a server that an operator has configured.
struct Transfer {
  std::string method;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  int body = -1;           // descriptor of a file that is sent from its beginning; -1: none
  std::uint64_t size = 0;  // of that file
  std::chrono::milliseconds time{60'000};
  const std::atomic<bool>* is_cancelled = nullptr;  // true ends it early
};

struct TransferReply {
  int status = 0;
  std::string body;  // its beginning
};

// Sends it and waits for the answer; follows no redirection and uses no proxy. The
// connection is kept for the thread's next transfer. Blocks: for a worker.
// kUnavailable: no answer came; kDeadline: not in time, or cancelled.
Result<TransferReply> transfer(const Transfer& request);

}  // namespace qn::media
