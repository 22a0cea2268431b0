#include "app/cli.h"

#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "app/operator_commands.h"
#include "app/server.h"
#include "app/settings.h"
#include "app/version.h"

extern char** environ;

namespace qn::app {
namespace {

constexpr int kDone = 0;
constexpr int kBroken = 1;
constexpr int kOperatorError = 2;

// What the command line says. CLI11 fills it through references, so it stays
// where it is.
struct CommandLine {
  CommandLine();
  CommandLine(const CommandLine&) = delete;

  CLI::App app{"Qingniao: a self-hosted instant-messaging server", "qingniao"};
  CLI::App* serve = nullptr;
  CLI::App* check_config = nullptr;
  CLI::App* migrate = nullptr;
  CLI::App* admin_create = nullptr;

  std::string config_file;
  std::vector<std::string> assignments;
  bool version = false;
  bool help_config = false;
  bool markdown = false;
  chat::NewAdmin admin;
  bool password_stdin = false;
};

CommandLine::CommandLine() {
  app.add_option("--config", config_file, "Settings in a TOML file (default: ./qingniao.toml)")
      ->type_name("FILE");
  app.add_option("--set", assignments, "One setting; may be repeated")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_flag("--version", version, "Show the version");
  app.add_flag("--help-config", help_config, "Show all settings");
  app.add_flag("--markdown", markdown, "With --help-config: as docs/config.md");
  app.require_subcommand(0, 1);

  serve = app.add_subcommand("serve", "Start the server (default)");
  check_config =
      app.add_subcommand("check-config", "Check the settings and show what is effective");
  migrate = app.add_subcommand("migrate", "Bring the database to this version's schema");
  auto* admin_commands = app.add_subcommand("admin", "Administrators");
  admin_commands->require_subcommand(1);
  admin_create = admin_commands->add_subcommand("create", "Create an administrator");
  admin_create->add_option("--username", admin.username, "Name")->required();
  admin_create
      ->add_flag("--password-stdin", password_stdin, "Read the password from standard input")
      ->required();
  admin_create->add_flag("--super", admin.super, "With all rights");

  // Global options count before and after the command.
  for (auto* command : {serve, check_config, migrate, admin_commands, admin_create}) {
    command->fallthrough();
  }
}

int fail(std::string_view text, int status) {
  std::cerr << "qingniao: " << text << std::endl;
  return status;
}

int report(const Error& error) {
  const std::string& text = error.text.empty() ? error.detail : error.text;
  return fail(text.empty() ? to_string(error.code) : std::string_view(text),
              error.code == ErrorCode::kRefused ? kOperatorError : kBroken);
}

void print_version() {
  std::cout << "qingniao " << kVersion;
  if (kGitCommit[0] != '\0') std::cout << " (git " << kGitCommit << ")";
  std::cout << '\n';
}

Result<Settings> load(const CommandLine& line) {
  SettingSources sources;
  if (!line.config_file.empty()) sources.config_file = line.config_file;
  for (char** entry = environ; *entry != nullptr; ++entry) sources.environment.emplace_back(*entry);
  sources.assignments = line.assignments;
  return load_settings(sources);
}

Result<void> show_config(const Settings& settings) {
  CHECK_OK(check_machine(settings));
  std::cout << "configuration ok\n" << effective_settings(settings);
  return {};
}

Result<void> run_migrate(const Settings& settings) {
  TRY(const auto report, migrate(settings));
  std::cout << "schema version " << report.before << " -> " << report.after << '\n';
  return {};
}

constexpr std::size_t kGoodPassword = 8;

Result<void> run_admin_create(const Settings& settings, chat::NewAdmin admin) {
  std::getline(std::cin, admin.password);
  if (admin.password.ends_with('\r')) admin.password.pop_back();
  CHECK_OK(create_admin(settings, admin));
  // Who sits at the terminal decides, but is told.
  if (admin.password.size() < kGoodPassword) {
    std::cerr << "warning: a password of fewer than " << kGoodPassword
              << " characters is easily guessed\n";
  }
  std::cout << "administrator " << admin.username << " created\n";
  return {};
}

Result<void> run_command(const CommandLine& line) {
  TRY(const Settings settings, load(line));
  if (line.check_config->parsed()) return show_config(settings);
  if (line.migrate->parsed()) return run_migrate(settings);
  if (line.admin_create->parsed()) return run_admin_create(settings, line.admin);
  return serve(settings);
}

int run(int argc, char** argv) {
  CommandLine line;
  try {
    line.app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::cout << line.app.help();
    return kDone;
  } catch (const CLI::ParseError& e) {
    return fail(std::string(e.what()) + " (see qingniao --help)", kOperatorError);
  }
  if (line.version) return print_version(), kDone;
  if (line.help_config) {
    std::cout << (line.markdown ? settings_markdown() : settings_help());
    return kDone;
  }
  if (line.markdown) return fail("--markdown goes with --help-config", kOperatorError);
  const auto done = run_command(line);
  return done ? kDone : report(done.error());
}

}  // namespace

int run_cli(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    return fail(std::string("unexpected failure: ") + e.what(), kBroken);
  }
}

}  // namespace qn::app
