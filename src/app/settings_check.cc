#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "app/settings.h"

namespace qn::app {
namespace {

namespace fs = std::filesystem;

Error cannot(std::string_view setting, const fs::path& path, std::string_view what,
             std::string_view why) {
  return refused(std::string(setting) + ": " + path.string() + " cannot be " + std::string(what) +
                 ": " + std::string(why));
}

// The folder itself, or the nearest one above it that exists, takes new files.
Result<void> check_folder(std::string_view setting, const fs::path& folder) {
  std::error_code error;
  fs::path existing = fs::absolute(folder);
  while (!fs::exists(existing, error) && existing.has_relative_path()) {
    existing = existing.parent_path();
  }
  if (!fs::is_directory(existing, error)) {
    return cannot(setting, folder, "used", existing.string() + " is not a folder");
  }
  if (access(existing.c_str(), W_OK | X_OK) != 0) {
    return cannot(setting, folder, "written", std::strerror(errno));
  }
  return {};
}

Result<void> check_readable(std::string_view setting, const fs::path& file) {
  if (file.empty()) return {};
  std::error_code error;
  if (fs::is_directory(file, error)) return cannot(setting, file, "read", "it is a folder");
  if (access(file.c_str(), R_OK) != 0) return cannot(setting, file, "read", std::strerror(errno));
  return {};
}

}  // namespace

Result<void> check_machine(const Settings& settings) {
  CHECK_OK(check_folder("data_dir", settings.data_dir));
  CHECK_OK(check_folder("store.url", sqlite_options(settings).file.parent_path()));
  CHECK_OK(check_readable("server.tls_cert", settings.server.tls_cert));
  CHECK_OK(check_readable("server.tls_key", settings.server.tls_key));
  return {};
}

}  // namespace qn::app
