#include "api/openapi.h"

#include <map>

#include "base/text.h"
#include "wire/json.h"

namespace qn::api {
namespace {

using wire::Rule;
using wire::Type;
namespace json = boost::json;

std::vector<std::string_view> segments(std::string_view pattern) {
  std::vector<std::string_view> out;
  while (!pattern.empty()) {
    pattern.remove_prefix(1);
    const auto slash = std::min(pattern.find('/'), pattern.size());
    out.push_back(pattern.substr(0, slash));
    pattern.remove_prefix(slash);
  }
  return out;
}

bool is_path_parameter(std::string_view pattern, std::string_view name) {
  for (const auto segment : segments(pattern)) {
    if (segment.starts_with(':') && segment.substr(1) == name) return true;
  }
  return false;
}

// /api/userinfo/:uuid as /api/userinfo/{uuid}
std::string template_of(std::string_view pattern) {
  std::string out;
  for (const auto segment : segments(pattern)) {
    const bool named = segment.starts_with(':');
    out += named ? "/{" + std::string(segment.substr(1)) + "}" : "/" + std::string(segment);
  }
  return out;
}

// The resource a route is listed under: the first word after /api or /api/chat.
std::string tag_of(std::string_view pattern) {
  return pattern.starts_with("/api/chat/") ? "chat" : "public";
}

std::string operation_id(const Route& route) {
  std::string id(net::to_string(route.method));
  for (char& c : id) c = static_cast<char>(c | 0x20);
  for (const auto segment : segments(route.pattern)) {
    id += '_';
    id += segment.starts_with(':') ? segment.substr(1) : segment;
  }
  return id;
}

json::array members_of(std::string_view in, Type type) {
  json::array out;
  while (!in.empty()) {
    const auto bar = std::min(in.find('|'), in.size());
    const auto member = in.substr(0, bar);
    if (type == Type::kInt) {
      out.push_back(std::stoll(std::string(member)));
    } else {
      out.push_back(json::string(member));
    }
    in.remove_prefix(std::min(bar + 1, in.size()));
  }
  return out;
}

json::object schema_of(const Rule& rule) {
  json::object schema;
  switch (rule.type) {
    case Type::kString:
      schema["type"] = "string";
      if (rule.min) schema["minLength"] = *rule.min;
      if (rule.max) schema["maxLength"] = *rule.max;
      break;
    case Type::kInt:
    case Type::kNumber:
      schema["type"] = rule.type == Type::kInt ? "integer" : "number";
      if (rule.min) schema["minimum"] = *rule.min;
      if (rule.max) schema["maximum"] = *rule.max;
      break;
    case Type::kBool:
      schema["type"] = "boolean";
      break;
    case Type::kArray:
      schema["type"] = "array";
      schema["items"] = json::object();
      break;
  }
  if (!rule.in.empty()) schema["enum"] = members_of(rule.in, rule.type);
  if (!rule.desc.empty()) schema["description"] = json::string(rule.desc);
  return schema;
}

json::object parameter(std::string_view name, std::string_view where, bool required,
                       json::object schema) {
  return {{"name", name}, {"in", where}, {"required", required}, {"schema", std::move(schema)}};
}

json::array parameters_of(const Route& route) {
  json::array out;
  for (const auto segment : segments(route.pattern)) {
    if (!segment.starts_with(':')) continue;
    const auto name = segment.substr(1);
    json::object schema{{"type", "string"}};
    for (const auto& rule : route.rules) {
      if (rule.name == name) schema = schema_of(rule);
    }
    out.push_back(parameter(name, "path", true, std::move(schema)));
  }
  if (route.method != net::Method::kGet) return out;
  for (const auto& rule : route.rules) {
    if (is_path_parameter(route.pattern, rule.name)) continue;
    out.push_back(parameter(rule.name, "query", rule.required, schema_of(rule)));
  }
  return out;
}

json::object form_body() {
  const json::object file{{"type", "string"}, {"contentMediaType", "application/octet-stream"}};
  const json::object schema{{"type", "object"}, {"properties", {{"file", file}}}};
  return {{"required", true}, {"content", {{"multipart/form-data", {{"schema", schema}}}}}};
}

json::object json_body(const Route& route) {
  json::object properties;
  json::array required;
  for (const auto& rule : route.rules) {
    if (is_path_parameter(route.pattern, rule.name)) continue;
    properties[rule.name] = schema_of(rule);
    if (rule.required) required.push_back(json::string(rule.name));
  }
  if (properties.empty()) return {};
  const bool must = !required.empty();
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (must) schema["required"] = std::move(required);
  const json::object media{{"schema", std::move(schema)}};
  return {{"required", must},
          {"content", {{"application/json", media}, {"application/x-www-form-urlencoded", media}}}};
}

json::object answer(std::string_view description, std::string_view schema) {
  const json::object ref{{"$ref", "#/components/schemas/" + std::string(schema)}};
  return {{"description", description}, {"content", {{"application/json", {{"schema", ref}}}}}};
}

json::object operation(const Route& route) {
  json::object out{{"operationId", operation_id(route)},
                   {"summary", json::string(route.doc)},
                   {"tags", json::array{tag_of(route.pattern)}}};
  if (auto parameters = parameters_of(route); !parameters.empty()) {
    out["parameters"] = std::move(parameters);
  }
  if (route.open) {
    out["requestBody"] = form_body();
  } else if (route.method != net::Method::kGet) {
    if (auto body = json_body(route); !body.empty()) out["requestBody"] = std::move(body);
  }
  out["responses"] = {{"200", answer("The answer; data is the result.", "Ok")},
                      {"400", answer("Refused; data is the text to show.", "Fail")},
                      {"422", answer("A parameter breaks its rule.", "Fail")}};
  if (route.auth == Auth::kUser || route.auth == Auth::kVisitor) {
    out["security"] = json::array{json::object{{"token", json::array()}}};
  } else if (route.auth == Auth::kSigned) {
    out["security"] = json::array{json::object{{"signature", json::array()}}};
  } else {
    out["security"] = json::array();
  }
  return out;
}

json::object envelope(std::string_view msg, json::object data) {
  return {{"type", "object"},
          {"required", {"msg", "data"}},
          {"properties", {{"msg", {{"type", "string"}, {"examples", {msg}}}}, {"data", data}}}};
}

json::object components() {
  const json::object text{{"type", "string"}};
  const json::object anything{{"description", "Depends on the route."}};
  return {
      {"schemas", {{"Ok", envelope("ok", anything)}, {"Fail", envelope("fail", text)}}},
      {"securitySchemes",
       {{"token",
         {{"type", "apiKey"},
          {"in", "header"},
          {"name", "token"},
          {"description", "What login and registration answer; also accepted in query and body."}}},
        {"signature",
         {{"type", "apiKey"},
          {"in", "header"},
          {"name", "X-Security-Sign"},
          {"description", "SHA-256 over device id, salt and timestamp."}}}}}};
}

}  // namespace

std::string openapi_document(std::span<const Route> routes, std::string_view version) {
  json::object paths;
  for (const auto& route : routes) {
    auto& path = paths[template_of(route.pattern)];
    if (!path.is_object()) path = json::object();
    std::string method(net::to_string(route.method));
    for (char& c : method) c = static_cast<char>(c | 0x20);
    path.as_object()[method] = operation(route);
  }
  const json::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Qingniao 青鸟"},
        {"version", json::string(version)},
        {"description", "Chat API. Every answer is {\"msg\":…,\"data\":…}."},
        {"license", {{"name", "See the repository"}, {"identifier", "LicenseRef-repository"}}}}},
      {"servers", json::array{json::object{{"url", "/"}}}},
      {"tags", json::array{json::object{{"name", "public"}, {"description", "Without a token."}},
                           json::object{{"name", "chat"}, {"description", "With a token."}}}},
      {"paths", std::move(paths)},
      {"components", components()}};
  return wire::to_json(document);
}

}  // namespace qn::api
