#ifndef SIGNET_CLI_EXIT_CODE_H_
#define SIGNET_CLI_EXIT_CODE_H_

#include "absl/status/status.h"

namespace signet {

// ExitCode is what a command tells the shell.
enum class ExitCode {
  kAccepted = 0,   // Done; for verify and introspect: the token is good.
  kRejected = 1,   // The token is not good.
  kUndecided = 2,  // Could not be done; standard error says why.
};

// Report writes "signet: MESSAGE" to standard error, as one line.
ExitCode Report(const absl::Status& status);

}  // namespace signet

#endif  // SIGNET_CLI_EXIT_CODE_H_
