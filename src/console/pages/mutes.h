#pragma once

#include <optional>

#include "base/clock.h"
#include "console/page.h"

// What the pages of users and groups share about muting.
namespace qn::console {

// Whether somebody is muted now.
bool is_muted(const std::optional<Time>& until, Time now);
// Until when, or that it is for ever or not at all.
Cell muted_cell(const std::optional<Time>& until, Time now);
// The link to the form, or the button that lifts it; `section` is /admin/chatuser
// or /admin/chatgroup, `whom` what comes last in the address.
Action mute_action(std::string_view section, const std::string& whom, bool is_muted);

}  // namespace qn::console
