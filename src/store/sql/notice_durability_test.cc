#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "store/group_store.h"
#include "store/sql/log_test_fixture.h"

namespace qn::store {
namespace {

using model::ConversationKey;
using test::at;
using test::soon;
using test::telling;

constexpr int kWriters = 8;
constexpr int kStepsBeforeTheKill = 300;
const UserId kOwner(1);
const UserId kGuest(2);

// Makes groups, lets a guest come and go, and tells the pipe of each step.
Task<Result<void>> make_groups_for_ever(GroupStore& groups, int pipe, int writer) {
  const auto step_done = [pipe] { return ::write(pipe, ".", 1) == 1; };
  for (int n = 0; step_done(); ++n) {
    NewGroup group{
        .uuid = std::to_string(getpid()) + "-" + std::to_string(writer) + "-" + std::to_string(n),
        .owner = kOwner,
        .name = "group",
        .avatar = "",
        .members = {},
        .groups_per_user = 1'000'000,
        .now = at(0)};
    Tell<model::Group> founded = [](const model::Group& made) {
      return std::vector<Addressed>{{ConversationKey::group(made.id), test::notice("founded")}};
    };
    CO_TRY(const auto made, co_await groups.create(std::move(group), std::move(founded), soon()));
    step_done();
    const GroupStore::NewMember guest{
        .group = made->id, .user = kGuest, .caps = {.groups_per_user = 1'000'000}, .now = at(1)};
    auto joined = telling<GroupStore::NewMember>(ConversationKey::group(made->id), "joined");
    CO_CHECK_OK(co_await groups.join(guest, std::move(joined), soon()));
    step_done();
    auto left = telling<model::Member>(ConversationKey::group(made->id), "left");
    CO_CHECK_OK(co_await groups.quit(made->id, kGuest, at(2), std::move(left), soon()));
  }
  co_return Result<void>();
}

Task<void> run_or_die(Task<Result<void>> task) {
  const auto result = co_await std::move(task);
  _exit(result ? 1 : 2);
}

[[noreturn]] void be_the_victim(const SqliteOptions& options, int pipe) {
  Metrics metrics;
  auto db = open_sqlite(options, metrics);
  if (!db) _exit(3);
  const auto groups = make_group_store(**db);
  boost::asio::io_context io(1);
  for (int writer = 0; writer < kWriters; ++writer) {
    boost::asio::co_spawn(io, run_or_die(make_groups_for_ever(*groups, pipe, writer)),
                          boost::asio::detached);
  }
  io.run();
  _exit(4);
}

// Starts a process that changes groups and kills it in the middle.
void kill_a_writer(const SqliteOptions& options) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) std::abort();
  const pid_t child = fork();
  if (child == 0) be_the_victim(options, ends[1]);
  close(ends[1]);
  char step = 0;
  for (int steps = 0; read(ends[0], &step, 1) == 1; ++steps) {
    if (steps == kStepsBeforeTheKill) kill(child, SIGKILL);
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status)) << "exit code " << WEXITSTATUS(status);
}

class NoticeDurabilityTest : public test::StoreTest {};

// Whenever the process dies: what is told of a change is there if the change is.
TEST_F(NoticeDurabilityTest, ANoticeIsThereIfAndOnlyIfTheChangeIs) {
  create("owner");
  create("guest");
  constexpr std::string_view kMessages =
      "(SELECT count(*) FROM message JOIN conversation ON conversation.id = conversation_id "
      "WHERE kind = 'group' AND low = \"group\".id AND body = '";
  const auto count = [&](std::string_view body) {
    return std::string(kMessages).append(body).append("')");
  };
  for (int round = 0; round < 3; ++round) {
    db_.reset();
    kill_a_writer(options_);
    open();
    EXPECT_GT(number("SELECT count(*) FROM \"group\""), round * 50);
    EXPECT_EQ(number("SELECT count(*) FROM \"group\" WHERE " + count("founded") + " <> 1"), 0);
    EXPECT_EQ(number("SELECT count(*) FROM message WHERE body = 'founded'"),
              number("SELECT count(*) FROM \"group\""));
    const std::string here =
        "(SELECT count(*) FROM group_user WHERE group_id = \"group\".id AND user_id = 2)";
    EXPECT_EQ(number("SELECT count(*) FROM \"group\" WHERE " + count("joined") + " - " +
                     count("left") + " <> " + here),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM \"group\" WHERE " + here +
                     " <> (SELECT count(*) FROM member JOIN conversation ON conversation.id = "
                     "conversation_id WHERE kind = 'group' AND low = \"group\".id AND "
                     "user_id = 2 AND left_seq IS NULL)"),
              0);
  }
}

}  // namespace
}  // namespace qn::store
