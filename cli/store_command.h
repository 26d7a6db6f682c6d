#ifndef SIGNET_CLI_STORE_COMMAND_H_
#define SIGNET_CLI_STORE_COMMAND_H_

#include "CLI/CLI.hpp"
#include "cli/exit_code.h"

namespace signet {

// AddStoreCommand declares "signet store". Running it sets `exit_code`, which
// must outlive `app`.
void AddStoreCommand(CLI::App& app, ExitCode& exit_code);

}  // namespace signet

#endif  // SIGNET_CLI_STORE_COMMAND_H_
