#pragma once

#include <span>
#include <string_view>

namespace qn::console {

// A file of src/console/templates inside the binary. Written by
// cmake/embed_console.py.
struct TemplateSource {
  std::string_view name;  // without .mustache
  std::string_view text;
};

std::span<const TemplateSource> template_sources();

}  // namespace qn::console
