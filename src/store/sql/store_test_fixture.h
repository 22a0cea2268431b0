#pragma once

// Shared by the tests of this folder; not part of the library.

#include <string>

#include "store/test_support.h"
#include "store/user_admin_store.h"
#include "store/user_store.h"

namespace qn::store::test {

inline Time at(std::int64_t ms) {
  return time_from_millis(1'760'000'000'000 + ms);
}

inline NewUser new_user(const std::string& name) {
  NewUser user;
  user.uuid = "00000000-0000-4000-8000-" +
              std::string(12 - std::min<std::size_t>(name.size(), 12), '0') + name.substr(0, 12);
  user.username = name;
  user.username_key = name;
  user.password_hash = "hash of " + name;
  user.avatar = "/a.png";
  user.register_ip = "10.0.0.1";
  user.now = at(0);
  return user;
}

inline NewUser new_visitor(const std::string& name, const std::string& device) {
  NewUser user = new_user(name);
  user.role = model::Role::kVisitor;
  user.device = {device, "web", "Pixel", "Android", "Google"};
  return user;
}

// Whom the audit log names unless a test says otherwise.
inline Actor operator_at(std::int64_t ms) {
  return {ManagerId(7), "root", "192.0.2.9", at(ms)};
}

// A database with the product's schema, and the cost of what is done to it.
class StoreTest : public DatabaseTest {
 protected:
  StoreTest()
      : counting_(open()),
        users_(make_user_store(counting_)),
        admin_(make_user_admin_store(counting_)),
        audit_(make_audit_store(counting_)) {}

  UserId create(NewUser user) {
    auto created = run(users_->create(std::move(user), soon()));
    EXPECT_TRUE(created.has_value());
    return created ? created->id : UserId();
  }
  UserId create(const std::string& name) { return create(new_user(name)); }

  model::User get(UserId id) {
    auto found = run(users_->find(id, soon()));
    EXPECT_TRUE(found.has_value() && found->has_value());
    return found && *found ? **found : model::User();
  }

  void set_status(UserId id, model::UserStatus status, std::int64_t ms) {
    const auto done = run(admin_->set_status({id}, status, operator_at(ms), soon()));
    EXPECT_TRUE(done && done->users.size() == 1);
  }
  void remove(UserId id, std::int64_t ms) {
    const auto done = run(admin_->remove({id}, operator_at(ms), soon()));
    EXPECT_TRUE(done && done->users.size() == 1);
  }

  // The audit log, newest first.
  std::vector<model::AuditEntry> audit(AuditStore::Query query = {}) {
    query.limit = 1'000;
    auto page = run(audit_->find(std::move(query), soon()));
    EXPECT_TRUE(page);
    return page ? page->entries : std::vector<model::AuditEntry>();
  }

  // Expects that an operation costs so many statements.
  void expect_cost(std::uint64_t writes, std::uint64_t reads) {
    EXPECT_EQ(counting_.writes, writes);
    EXPECT_EQ(counting_.reads, reads);
    forget_cost();
  }
  void forget_cost() { counting_.writes = counting_.reads = 0; }

  CountingDatabase counting_;
  std::unique_ptr<UserStore> users_;
  std::unique_ptr<UserAdminStore> admin_;
  std::unique_ptr<AuditStore> audit_;
};

template <class T>
ErrorCode failure(const Result<T>& result) {
  EXPECT_FALSE(result.has_value());
  return result ? ErrorCode::kMalformed : result.error().code;
}

}  // namespace qn::store::test
