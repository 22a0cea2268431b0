#include <array>
#include <cmath>
#include <cstdio>

#include "console/assets.h"
#include "console/views.h"

// Small texts that more than one view needs.
namespace qn::console {
namespace {

constexpr std::string_view kUploads = "/public/uploads/";
// Beside a picture of ours; the server sends the original when there is none.
constexpr std::string_view kSmallPicture = ".avatar.webp";

bool is_picture(std::string_view url) {
  for (const std::string_view ending : {".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp"}) {
    if (url.ends_with(ending)) return true;
  }
  return false;
}

// "/public/../admin/logout" would make the reader's browser ask for that page.
bool climbs(std::string_view path) {
  for (const std::string_view part : {"..", "%2e", "%2E", "\\"}) {
    if (path.find(part) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

std::string_view tone_word(Tone tone) {
  switch (tone) {
    case Tone::kPlain:
      return "secondary";
    case Tone::kGood:
      return "success";
    case Tone::kWarn:
      return "warning";
    case Tone::kBad:
      return "danger";
    case Tone::kInfo:
      return "info";
  }
  return "secondary";
}

// The seed's menu has two Feather icons, for which Font Awesome has the like.
std::string icon_classes(std::string_view icon) {
  constexpr std::string_view kFeather = "fe fe-";
  if (!icon.starts_with(kFeather)) return std::string(icon);
  const auto name = icon.substr(kFeather.size());
  return std::string("fa fa-").append(name == "document" ? "file-text-o" : name);
}

bool is_own_file(std::string_view stored) {
  return stored.starts_with("/public/") && !climbs(stored);
}

std::string avatar_url(std::string_view stored) {
  if (!is_own_file(stored) && !stored.starts_with("https://") && !stored.starts_with("http://")) {
    return asset_url("person.svg");
  }
  std::string url(stored);
  if (stored.starts_with(kUploads) && is_picture(stored)) url += kSmallPicture;
  return url;
}

std::string short_number(std::int64_t n, Chart::Unit unit) {
  constexpr std::array<std::string_view, 5> kCounts = {"", "k", "M", "G", "T"};
  constexpr std::array<std::string_view, 5> kBytes = {" B", " KB", " MB", " GB", " TB"};
  const bool bytes = unit == Chart::Unit::kBytes;
  const double step = bytes ? 1024 : 1000;
  double value = static_cast<double>(n);
  std::size_t power = 0;
  while (std::abs(value) >= step && power + 1 < kCounts.size()) {
    value /= step;
    ++power;
  }
  std::array<char, 32> buffer;
  const bool whole = value == std::floor(value) || std::abs(value) >= 100;
  const int size = std::snprintf(buffer.data(), buffer.size(), whole ? "%.0f" : "%.1f", value);
  std::string out(buffer.data(), static_cast<std::size_t>(size));
  return out.append(bytes ? kBytes[power] : kCounts[power]);
}

}  // namespace qn::console
