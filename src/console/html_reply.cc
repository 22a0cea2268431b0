#include "console/html_reply.h"

#include <algorithm>

namespace qn::console {
namespace {

// No script and no style but our own files; pictures from anywhere, because
// avatars are.
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: https: http:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'";

void fill_in(FormPage& form, const AdminRequest& request) {
  for (auto& field : form.fields) {
    if (field.type == FieldType::kPassword || !request.body.fields.contains(field.name)) continue;
    field.value = request.field(field.name);
  }
}

}  // namespace

net::HttpReply html_reply(int status, std::string document) {
  net::HttpReply reply;
  reply.status = status;
  reply.content_type = "text/html; charset=utf-8";
  reply.body = std::move(document);
  reply.headers.emplace_back("Content-Security-Policy", kPolicy);
  reply.headers.emplace_back("Cache-Control", "no-store");
  // The address of the first-run page is a secret, kept from other sites.
  reply.headers.emplace_back("Referrer-Policy", "same-origin");
  return reply;
}

Answer with_error(Answer form, const AdminRequest& request, const std::string& reason) {
  if (auto* entrance = std::get_if<EntrancePage>(&form)) {
    entrance->username = request.field("username");
    entrance->token = request.field("token");
    entrance->error = reason;
  } else if (auto* page = std::get_if<Page>(&form)) {
    if (auto* fields = std::get_if<FormPage>(page)) {
      fill_in(*fields, request);
      fields->error = reason;
    }
  }
  return form;
}

}  // namespace qn::console
