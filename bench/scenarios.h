#pragma once

#include <string>
#include <vector>

#include "load.h"
#include "options.h"
#include "target.h"

namespace qn::bench {

std::vector<std::string> scenario_names();

// Registers the users the scenario needs and makes its groups of connections.
// Throws std::runtime_error when the server refuses.
std::vector<Group> prepare_scenario(const Target& target, const Options& options);

}  // namespace qn::bench
