#ifndef SIGNET_CLI_VERIFY_COMMAND_H_
#define SIGNET_CLI_VERIFY_COMMAND_H_

#include "CLI/CLI.hpp"
#include "cli/exit_code.h"

namespace signet {

// AddVerifyCommand declares "signet verify". Running it sets `exit_code`, which
// must outlive `app`.
void AddVerifyCommand(CLI::App& app, ExitCode& exit_code);

}  // namespace signet

#endif  // SIGNET_CLI_VERIFY_COMMAND_H_
