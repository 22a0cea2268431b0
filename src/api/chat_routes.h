#pragma once

#include <span>

#include "api/route.h"

namespace qn::api {

// The whole chat API, in the order of the contract.
std::span<const Route> chat_routes();

}  // namespace qn::api
