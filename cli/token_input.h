#ifndef SIGNET_CLI_TOKEN_INPUT_H_
#define SIGNET_CLI_TOKEN_INPUT_H_

#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/statusor.h"

namespace signet {

// TokenInput is where a command takes its token from: its argument, a file, or
// standard input. The argument is visible to everyone on the machine.
struct TokenInput {
  // An empty argument is a token that got lost, not a reason to wait for one
  // on standard input.
  std::optional<std::string> argument;
  std::optional<std::string> file;

  // AddTo declares the options on a command. The object must outlive it.
  void AddTo(CLI::App& command);

  // Read returns the token, without surrounding white space.
  absl::StatusOr<std::string> Read() const;
};

}  // namespace signet

#endif  // SIGNET_CLI_TOKEN_INPUT_H_
