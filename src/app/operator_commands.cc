#include "app/operator_commands.h"

#include <future>
#include <utility>

#include "app/data_folder.h"
#include "base/event_loops.h"
#include "base/text.h"
#include "chat/passwords.h"
#include "store/manager_store.h"

namespace qn::app {
namespace {

constexpr std::chrono::seconds kPatience{30};

Task<void> insert(store::ManagerStore& managers, store::NewManager manager, store::Actor actor,
                  std::promise<Result<ManagerId>>& done) {
  auto id =
      co_await managers.create(std::move(manager), std::move(actor), Deadline::after(kPatience));
  done.set_value(std::move(id));
}

}  // namespace

Result<void> create_admin(const Settings& settings, const chat::NewAdmin& admin) {
  CHECK_OK(chat::check_new_admin(admin, chat::TextFor::kOperator));
  TRY(std::string hash, chat::hash_password(admin.password, settings.password_cost));
  TRY(const auto folder, DataFolder::open(settings.data_dir));
  Metrics metrics;
  TRY(const auto db, store::open_sqlite(sqlite_options(settings), metrics));
  const auto managers = store::make_manager_store(*db);

  EventLoops loops(1, metrics);
  std::promise<Result<ManagerId>> done;
  auto created = done.get_future();
  store::NewManager row;
  row.username = admin.username;
  row.username_key = fold_name(admin.username);
  row.password_hash = std::move(hash);
  row.super = admin.super;
  store::Actor actor{{}, "qingniao admin create", "", SystemClock().now()};
  loops.spawn(0, insert(*managers, std::move(row), std::move(actor), done));
  const Result<ManagerId> id = created.get();
  loops.stop();
  db->stop();
  if (!id && id.error().code == ErrorCode::kConflict) {
    return refused("there is an administrator named " + admin.username + " already");
  }
  if (!id) return id.error();
  folder->keep();
  return {};
}

Result<store::MigrationReport> migrate(const Settings& settings) {
  TRY(const auto folder, DataFolder::open(settings.data_dir));
  TRY(const auto report, store::migrate_sqlite(sqlite_options(settings)));
  folder->keep();
  return report;
}

}  // namespace qn::app
