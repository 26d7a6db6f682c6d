#ifndef SIGNET_CLI_SERVE_COMMAND_H_
#define SIGNET_CLI_SERVE_COMMAND_H_

#include "CLI/CLI.hpp"
#include "cli/exit_code.h"

namespace signet {

// AddServeCommand declares "signet serve". Running it sets `exit_code`, which
// must outlive `app`.
void AddServeCommand(CLI::App& app, ExitCode& exit_code);

}  // namespace signet

#endif  // SIGNET_CLI_SERVE_COMMAND_H_
