#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace qn::console {

// One file of the console's front end inside the binary. The gzip-compressed form,
// when there is one, follows the plain one. Written by cmake/embed_console.py.
struct AssetEntry {
  std::string_view name;         // console.css
  std::string_view public_name;  // console.3fa9c1d2.css
  std::string_view content_type;
  std::size_t offset = 0;  // in asset_bytes()
  std::size_t size = 0;
  std::size_t packed_size = 0;  // 0: not compressed
};

std::span<const AssetEntry> asset_entries();
std::string_view asset_bytes();

}  // namespace qn::console
