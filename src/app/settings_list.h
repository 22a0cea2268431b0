#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/settings.h"
#include "app/settings_field.h"

namespace qn::app {

enum class Secrecy { kOpen, kSecret };

// One row of the declaration list: everything there is to know about a setting.
// Its default is the member's initial value.
struct Setting {
  std::string_view name;
  SettingField field;
  std::string_view doc;
  Secrecy secrecy = Secrecy::kOpen;

  bool is_secret() const { return secrecy == Secrecy::kSecret; }
};

// All settings, by section, in the order of the documentation.
const std::vector<Setting>& settings_list();

// The environment variable of a setting: store.url is QINGNIAO_STORE_URL.
std::string environment_name(std::string_view setting);

// A value as it may be shown: "***" for a secret that is set, passwords inside
// URLs hidden, control characters replaced.
std::string shown(const Setting& setting, std::string_view value);

}  // namespace qn::app
