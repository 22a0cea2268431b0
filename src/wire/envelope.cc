#include "wire/envelope.h"

namespace qn::wire {
namespace {

constexpr std::string_view kOkHead = R"({"msg":"ok","data":)";
constexpr std::string_view kFailHead = R"({"msg":"fail","data":)";

}  // namespace

std::string ok_envelope(const json::value& data) {
  return ok_envelope_raw(to_json(data));
}

std::string ok_envelope_raw(std::string_view data_json) {
  std::string out;
  out.reserve(kOkHead.size() + data_json.size() + 1);
  out.append(kOkHead).append(data_json).append(1, '}');
  return out;
}

std::string fail_envelope(std::string_view text) {
  std::string out;
  out.reserve(kFailHead.size() + text.size() + 3);
  out.append(kFailHead);
  append_json_string(out, text);
  out += '}';
  return out;
}

std::string worded_envelope(std::string_view text, const json::value& data) {
  std::string out = R"({"msg":)";
  append_json_string(out, text);
  out += R"(,"data":)";
  append_json(out, data);
  out += '}';
  return out;
}

}  // namespace qn::wire
