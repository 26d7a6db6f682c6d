#ifndef SIGNET_CLI_TOP_COMMAND_H_
#define SIGNET_CLI_TOP_COMMAND_H_

#include "CLI/CLI.hpp"
#include "cli/exit_code.h"

namespace signet {

// AddTopCommand declares "signet top". Running it sets `exit_code`, which
// must outlive `app`.
void AddTopCommand(CLI::App& app, ExitCode& exit_code);

}  // namespace signet

#endif  // SIGNET_CLI_TOP_COMMAND_H_
