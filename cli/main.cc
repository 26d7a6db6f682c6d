// signet: a token service, and the commands to work with it.

#include <cstdlib>
#include <iostream>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/exit_code.h"
#include "cli/inspect_command.h"
#include "cli/introspect_command.h"
#include "cli/keys_command.h"
#include "cli/serve_command.h"
#include "cli/sign_command.h"
#include "cli/verify_command.h"

int main(int argc, char** argv) {
  // gRPC writes to standard error as it likes, in neither of our formats, and
  // tells what we report ourselves. Whoever debugs it can set the variable.
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);

  CLI::App app("Signs, verifies and introspects JSON Web Tokens.", "signet");
  app.require_subcommand(1);
  auto exit_code = signet::ExitCode::kUndecided;
  signet::AddServeCommand(app, exit_code);
  signet::AddSignCommand(app, exit_code);
  signet::AddVerifyCommand(app, exit_code);
  signet::AddIntrospectCommand(app, exit_code);
  signet::AddInspectCommand(app, exit_code);
  signet::AddKeysCommand(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    // Also thrown for --help, which is not an error.
    if (error.get_exit_code() == 0) return app.exit(error);
    return static_cast<int>(signet::Report(absl::InvalidArgumentError(
        absl::StrCat(error.what(), "; try --help"))));
  }
  // An answer that nobody got is none.
  if (!std::cout.flush()) {
    exit_code = signet::Report(
        absl::DataLossError("standard output: cannot be written"));
  }
  return static_cast<int>(exit_code);
}
