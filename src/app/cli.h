#pragma once

namespace qn::app {

// The whole program behind main(): commands, options, messages. The result is
// the exit status: 0 done, 2 the operator has to change something (usage,
// settings, an occupied port: one line on standard error), 1 anything else.
int run_cli(int argc, char** argv);

}  // namespace qn::app
