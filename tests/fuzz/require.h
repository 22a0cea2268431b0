#pragma once

#include <cstdlib>

namespace qn::fuzz {

// An invariant of a fuzz target: the fuzzer takes the abort as a finding.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace qn::fuzz
