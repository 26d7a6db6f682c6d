#ifndef SIGNET_CLI_KEYS_COMMAND_H_
#define SIGNET_CLI_KEYS_COMMAND_H_

#include "CLI/CLI.hpp"
#include "cli/exit_code.h"

namespace signet {

// AddKeysCommand declares "signet keys". Running it sets `exit_code`, which
// must outlive `app`.
void AddKeysCommand(CLI::App& app, ExitCode& exit_code);

}  // namespace signet

#endif  // SIGNET_CLI_KEYS_COMMAND_H_
