#pragma once

#include <filesystem>
#include <string>

#include "net/unique_fd.h"

namespace qn::net {

enum class Resolver {
  kKernel,   // openat2: links that stay inside are followed
  kPerPart,  // for old kernels and strict containers: no link is followed
};

// Opens the file for reading if the path, whose parts are relative, stays below
// `root` also through links. None and errno otherwise. Blocks.
UniqueFd open_beneath(const std::filesystem::path& root, const std::string& relative,
                      Resolver resolver = Resolver::kKernel);

}  // namespace qn::net
