#ifndef SIGNET_CLI_SERVER_KEYS_COMMAND_H_
#define SIGNET_CLI_SERVER_KEYS_COMMAND_H_

#include "CLI/CLI.hpp"
#include "cli/exit_code.h"

namespace signet {

// AddServerKeysCommands declares those of the "signet keys" commands that are
// about the keys of a server: status, rotate, revoke and watch. Running one
// sets `exit_code`, which must outlive `keys`.
void AddServerKeysCommands(CLI::App& keys, ExitCode& exit_code);

}  // namespace signet

#endif  // SIGNET_CLI_SERVER_KEYS_COMMAND_H_
