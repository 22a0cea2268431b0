#pragma once

#include <string>
#include <string_view>

#include "console/admin_request.h"
#include "console/answer.h"
#include "net/http.h"

namespace qn::console {

// An HTML document with the headers every page of the console has.
net::HttpReply html_reply(int status, std::string document);

// A form filled in as it was sent, passwords left out, with the reason why it
// was refused; any other answer becomes as it is.
Answer with_error(Answer form, const AdminRequest& request, const std::string& reason);

}  // namespace qn::console
