#pragma once

#include <span>
#include <string>
#include <string_view>

#include "api/route.h"

namespace qn::api {

// The chat API as an OpenAPI 3.1 document, JSON, made from the route table: a
// route that exists is in it, with the rules that check its parameters.
std::string openapi_document(std::span<const Route> routes, std::string_view version);

// The same for people: one HTML page without scripts. Its stylesheet is
// docs_stylesheet(), served beside it.
std::string docs_page(std::span<const Route> routes, std::string_view version);
std::string_view docs_stylesheet();

}  // namespace qn::api
