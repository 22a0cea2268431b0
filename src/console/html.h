#pragma once

#include <string>
#include <string_view>

namespace qn::console {

// Text as it may stand in an element or a quoted attribute.
std::string escape_html(std::string_view text);

// A whole page: one card in the middle, `body` being HTML already.
std::string card_page(std::string_view title, std::string_view body);

// The stylesheet that pages link to.
extern const std::string_view kStylesheet;

}  // namespace qn::console
