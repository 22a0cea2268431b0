#pragma once

#include <string>

#include "console/page.h"

namespace qn::console {

// The two links at the end of a row.
Action edit_action(std::string url);
Action delete_action(std::string url);

// The page behind a link that asks first: `yes` posts to its own address.
NoticePage question(Label title, Phrase text, Action yes, std::string back);

}  // namespace qn::console
