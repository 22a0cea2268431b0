#pragma once

#include <cstddef>
#include <string_view>

#include "wire/json.h"

namespace qn::wire {

// Most fields of one form, in both encodings.
inline constexpr std::size_t kMaxFormFields = 1'000;

// Adds one field of a form: a name that comes again, or that ends in "[]", is
// an array of its values.
void add_form_field(json::object& fields, std::string_view name, std::string_view value);

}  // namespace qn::wire
