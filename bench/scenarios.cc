#include "scenarios.h"

#include <algorithm>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string_view>

namespace qn::bench {
namespace {

constexpr std::size_t kDefaultUsers = 64;
constexpr std::string_view kPassword = "bench-pw-1";

struct Account {
  std::string username;
  std::string id;
  std::string token;
};

std::string credentials(std::string_view username) {
  return R"({"username":")" + std::string(username) + R"(","password":")" + std::string(kPassword) +
         R"("})";
}

// Names nobody has yet: a random part per run and a number.
class Names {
 public:
  Names() : run_(std::random_device{}()) {}
  std::string next() {
    constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
    std::string name = "b";
    for (auto n = run_; n > 0; n /= 36) name += kDigits[n % 36];
    return name + '_' + std::to_string(count_++);
  }

 private:
  const std::uint32_t run_;
  std::uint64_t count_ = 0;
};

// The text after `"key":`, up to the end of the number or string. Enough for
// the flat object that login answers.
std::string json_value(std::string_view json, std::string_view key) {
  const auto at = json.find('"' + std::string(key) + "\":");
  if (at == json.npos) throw std::runtime_error("the login answer has no " + std::string(key));
  auto value = json.substr(at + key.size() + 3);
  if (value.starts_with('"')) {
    value.remove_prefix(1);
    return std::string(value.substr(0, value.find('"')));
  }
  return std::string(value.substr(0, value.find_first_not_of("0123456789")));
}

Account register_account(const Target& target, Names& names) {
  Account account;
  account.username = names.next();
  const auto body = credentials(account.username);
  const auto answer = fetch(target, make_request(target, "POST", "/api/regChat", {}, body));
  if (answer.status != 200) {
    throw std::runtime_error("registering failed with status " + std::to_string(answer.status) +
                             ": " + answer.body);
  }
  account.id = json_value(answer.body, "id");
  account.token = json_value(answer.body, "token");
  return account;
}

std::vector<Account> register_accounts(const Target& target, Names& names, std::size_t count) {
  std::vector<Account> accounts;
  for (std::size_t i = 0; i < count; ++i) accounts.push_back(register_account(target, names));
  return accounts;
}

std::size_t user_count(const Options& options, std::size_t connections) {
  return options.users > 0 ? options.users : std::min(connections, kDefaultUsers);
}

// Every connection repeats one of these requests.
Group repeating(std::string name, std::size_t connections, std::size_t pipeline,
                std::vector<std::string> requests) {
  Group group;
  group.name = std::move(name);
  group.connections = connections;
  group.pipeline = pipeline;
  group.next = [requests = std::move(requests)](std::size_t connection) {
    return requests[connection % requests.size()];
  };
  return group;
}

std::string or_default(const std::string& chosen, const std::string& fallback) {
  return chosen.empty() ? fallback : chosen;
}

Group with_tokens(const Target& target, const Options& o, std::size_t connections, Names& names) {
  std::vector<std::string> requests;
  for (const auto& account : register_accounts(target, names, user_count(o, connections))) {
    requests.push_back(make_request(target, or_default(o.method, "GET"),
                                    or_default(o.path, "/api/chat/whoami"), account.token, o.body));
  }
  return repeating("authenticated-get", connections, o.pipeline, std::move(requests));
}

Group authenticated_post(const Target& target, const Options& o, Names& names) {
  std::vector<std::string> requests;
  for (const auto& account : register_accounts(target, names, user_count(o, o.connections))) {
    const auto body = or_default(o.body, "{\"userid\":" + account.id + "}");
    requests.push_back(make_request(target, or_default(o.method, "POST"),
                                    or_default(o.path, "/api/chat/getUserSetInfo"), account.token,
                                    body));
  }
  return repeating("authenticated-post", o.connections, o.pipeline, std::move(requests));
}

Group static_file(const Target& target, const Options& o) {
  std::string request = make_request(target, or_default(o.method, "GET"),
                                     or_default(o.path, "/public/bench.bin"), {}, o.body);
  if (!o.header.empty()) request.insert(request.find("\r\n") + 2, o.header + "\r\n");
  return repeating(or_default(o.name, "static"), o.connections, o.pipeline, {std::move(request)});
}

// The friends are users the database was filled with, whose ids begin at 1; some
// of them are disabled and are no friends of anybody.
Group friend_list(const Target& target, const Options& o, Names& names) {
  constexpr int kFriends = 2'000;
  constexpr int kTries = 3'000;
  const Account me = register_account(target, names);
  int friends = 0;
  for (int id = 1; id <= kTries && friends < kFriends; ++id) {
    const auto body = "{\"friend_id\":" + std::to_string(id) + "}";
    const auto request =
        make_request(target, "POST", "/api/chat/autoAddFriendAndAgree", me.token, body);
    friends += fetch(target, request).status == 200;
  }
  if (friends < kFriends) throw std::runtime_error("there are too few users to be friends with");
  const auto path = or_default(o.path, "/api/chat/goodfriendlist/1");
  return repeating("friend-list-2000", o.connections, o.pipeline,
                   {make_request(target, "GET", path, me.token, {})});
}

// Reads the group the database was filled with, as a member.
Group group_info(const Target& target, const Options& o, Names& names) {
  std::vector<std::string> requests;
  for (const auto& account : register_accounts(target, names, user_count(o, o.connections))) {
    const auto body = R"({"group_id":1,"inviteuser_id":-1,"user_id":)" + account.id + "}";
    const auto request =
        make_request(target, "POST", "/api/chat/groupInviteUser", account.token, body);
    if (fetch(target, request).status != 200) throw std::runtime_error("there is no group 1");
    const auto path = or_default(o.path, "/api/chat/groupinfo/1");
    requests.push_back(make_request(target, "GET", path, account.token, {}));
  }
  return repeating("group-info-5000", o.connections, o.pipeline, std::move(requests));
}

Group logins(const Target& target, const Options& o, Names& names) {
  std::vector<std::string> requests;
  for (const auto& account : register_accounts(target, names, user_count(o, o.connections))) {
    const auto body = credentials(account.username);
    requests.push_back(make_request(target, "POST", "/api/loginChat", {}, body));
  }
  return repeating("login", o.connections, o.pipeline, std::move(requests));
}

Group registrations(const Target& target, const Options& o, Names names) {
  Group group;
  group.name = "register";
  group.connections = o.connections;
  group.pipeline = o.pipeline;
  group.next = [&target, names](std::size_t) mutable {
    return make_request(target, "POST", "/api/regChat", {}, credentials(names.next()));
  };
  return group;
}

}  // namespace

std::vector<std::string> scenario_names() {
  return {"authenticated-get", "authenticated-post", "static",           "login",
          "register",          "login-storm",        "friend-list-2000", "group-info-5000"};
}

std::vector<Group> prepare_scenario(const Target& target, const Options& o) {
  Names names;
  std::vector<Group> groups;
  if (o.scenario == "authenticated-get") {
    groups.push_back(with_tokens(target, o, o.connections, names));
  } else if (o.scenario == "authenticated-post") {
    groups.push_back(authenticated_post(target, o, names));
  } else if (o.scenario == "static") {
    groups.push_back(static_file(target, o));
  } else if (o.scenario == "friend-list-2000") {
    groups.push_back(friend_list(target, o, names));
  } else if (o.scenario == "group-info-5000") {
    groups.push_back(group_info(target, o, names));
  } else if (o.scenario == "login") {
    groups.push_back(logins(target, o, names));
  } else if (o.scenario == "register") {
    groups.push_back(registrations(target, o, names));
  } else {
    groups.push_back(logins(target, o, names));
    groups.push_back(with_tokens(target, o, o.others, names));
    groups.back().name = "others during the storm";
  }
  return groups;
}

}  // namespace qn::bench
