#include "api/own_envelopes.h"

#include "base/log.h"
#include "wire/envelope.h"
#include "wire/errors.h"

namespace qn::api {
namespace {

using wire::json::object;
using wire::json::string;
using wire::json::value;

net::HttpReply json_reply(int status, std::string body) {
  net::HttpReply reply;
  reply.status = status;
  reply.content_type = wire::kJsonType;
  reply.body = std::move(body);
  return reply;
}

bool is_answer(const Error& error) {
  return error.code == ErrorCode::kRefused || error.code == ErrorCode::kNotFound;
}

void log_broken(const Error& error, const ApiRequest& request) {
  log::error("api.error", {{"id", request.http.id},
                           {"route", request.http.path()},
                           {"code", to_string(error.code)},
                           {"detail", error.detail}});
}

}  // namespace

net::HttpReply coded(std::string_view text) {
  return json_reply(200, wire::to_json(object{{"code", 200}, {"msg", string(text)}}));
}

net::HttpReply coded(std::string_view text, const value& data) {
  return json_reply(200,
                    wire::to_json(object{{"code", 200}, {"data", data}, {"msg", string(text)}}));
}

net::HttpReply coded_match(std::string_view text, const value& data, double score) {
  return json_reply(
      200, wire::to_json(
               object{{"code", 200}, {"data", data}, {"score", score}, {"msg", string(text)}}));
}

net::HttpReply coded_fail(const Error& error, std::string_view broken, const ApiRequest& request) {
  if (!is_answer(error)) log_broken(error, request);
  const int code = error.code == ErrorCode::kRefused    ? 400
                   : error.code == ErrorCode::kNotFound ? 404
                                                        : 500;
  const std::string_view text = is_answer(error) ? std::string_view(error.text) : broken;
  return json_reply(200, wire::to_json(object{{"code", code}, {"msg", string(text)}}));
}

net::HttpReply worded(std::string_view text, const value& data) {
  return json_reply(200, wire::worded_envelope(text, data));
}

net::HttpReply worded_fail(const Error& error, std::string_view broken, const ApiRequest& request) {
  if (!is_answer(error)) log_broken(error, request);
  const std::string_view text = is_answer(error) ? std::string_view(error.text) : broken;
  return json_reply(wire::to_wire(error).status, wire::worded_envelope(text, object()));
}

}  // namespace qn::api
