#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/settings_field.h"
#include "base/result.h"

namespace qn::app {

// One key of a TOML file, with its tables in front: "server.listen".
struct FileEntry {
  std::string name;
  RawValue value;
  unsigned line = 0;
};

// The keys in the order of the file's lines. A table without keys counts as a
// key, so that a misspelt section is found. kRefused with a text when the file
// cannot be read or is not TOML.
Result<std::vector<FileEntry>> read_settings_file(const std::filesystem::path& file);

}  // namespace qn::app
