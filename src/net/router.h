#pragma once

#include <cassert>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "net/http.h"

namespace qn::net {

// Finds the handler of a path such as /api/userinfo/:uuid. Filled once at the
// start; after that any thread may match. The cost depends on the segments of
// the path, not on the number of routes.
//
// Paths are compared as sent, with case; one trailing slash makes no difference;
// a static segment wins over a parameter, and a parameter is never empty. HEAD
// finds the route of GET unless it has its own.
template <class Handler>
class Router {
 public:
  struct Match {
    const Handler* entry = nullptr;
    // Names from the pattern, values percent-decoded.
    std::vector<std::pair<std::string, std::string>> params;
    bool has_other_method = false;  // no entry, but the path exists
  };

  // Each pair of method and pattern once.
  void add(Method method, std::string_view pattern, Handler handler) {
    auto route = std::make_unique<Route>(Route{method, {}, std::move(handler)});
    Node* node = &root_;
    for (const auto segment : segments(pattern)) {
      if (segment.starts_with(':')) {
        route->names.emplace_back(segment.substr(1));
        if (!node->parameter) node->parameter = std::make_unique<Node>();
        node = node->parameter.get();
      } else {
        auto& child = node->children[std::string(segment)];
        if (!child) child = std::make_unique<Node>();
        node = child.get();
      }
    }
    assert(node->find(method) == nullptr);
    node->routes.push_back(std::move(route));
  }

  Match match(Method method, std::string_view path) const {
    Match out;
    if (!path.starts_with('/')) return out;
    const auto parts = segments(path);
    Search search{method, parts, {}, false};
    const Route* route = root_.search(search, 0);
    if (route == nullptr && method == Method::kHead) {
      search.method = Method::kGet;
      route = root_.search(search, 0);
    }
    if (route == nullptr) {
      out.has_other_method = search.has_other_method;
      return out;
    }
    out.entry = &route->handler;
    for (std::size_t i = 0; i < route->names.size(); ++i) {
      out.params.emplace_back(route->names[i], percent_decode(search.values[i], Plus::kLiteral));
    }
    return out;
  }

 private:
  struct Route {
    Method method;
    std::vector<std::string> names;  // of the parameters, in order
    Handler handler;
  };
  struct Search {
    Method method;
    const std::vector<std::string_view>& parts;
    std::vector<std::string_view> values;
    bool has_other_method;
  };
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> children;
    std::unique_ptr<Node> parameter;
    std::vector<std::unique_ptr<Route>> routes;  // one per method

    const Route* find(Method method) const {
      for (const auto& route : routes) {
        if (route->method == method) return route.get();
      }
      return nullptr;
    }

    const Route* search(Search& s, std::size_t depth) const {
      if (depth == s.parts.size()) {
        if (!routes.empty()) s.has_other_method = true;
        return find(s.method);
      }
      const auto segment = s.parts[depth];
      if (const auto it = children.find(segment); it != children.end()) {
        if (const auto* route = it->second->search(s, depth + 1)) return route;
      }
      if (!parameter || segment.empty()) return nullptr;
      s.values.push_back(segment);
      const auto* route = parameter->search(s, depth + 1);
      if (route == nullptr) s.values.pop_back();
      return route;
    }
  };

  static std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> out;
    path.remove_prefix(1);
    if (path.ends_with('/')) path.remove_suffix(1);
    if (path.empty()) return out;
    for (;;) {
      const auto slash = path.find('/');
      out.push_back(path.substr(0, slash));
      if (slash == std::string_view::npos) return out;
      path.remove_prefix(slash + 1);
    }
  }

  Node root_;
};

}  // namespace qn::net
