#pragma once

#include <span>

#include "console/admin_route.h"

namespace qn::console {

// Every route of the console. A constant.
std::span<const AdminRoute> admin_routes();

}  // namespace qn::console
