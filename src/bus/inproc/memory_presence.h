#pragma once

#include <memory>

#include "bus/presence.h"

namespace qn::bus {

// The presence of a single node: a table in this process, sharded so that loops
// rarely meet. Owned by app/; any thread; no call suspends or fails.
std::unique_ptr<Presence> make_memory_presence();

}  // namespace qn::bus
