#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/task.h"

namespace qn::bus {

// The addresses of a host name, or the address itself, as text. kUnavailable
// when there is none or the resolver takes longer than the timeout.
Task<Result<std::vector<std::string>>> resolve_host(std::string host,
                                                    std::chrono::milliseconds timeout);

}  // namespace qn::bus
