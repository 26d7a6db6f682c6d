// signet: a token service, and the commands to work with it.

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "cli/exit_code.h"
#include "cli/inspect_command.h"
#include "cli/introspect_command.h"
#include "cli/keys_command.h"
#include "cli/revoke_command.h"
#include "cli/serve_command.h"
#include "cli/sign_command.h"
#include "cli/store_command.h"
#include "cli/top_command.h"
#include "cli/verify_command.h"
#include "google/protobuf/stubs/logging.h"

namespace {

// Makes it an error to give an option without a value: in a
// script this is a variable that was never set, not a wish.
void RefuseEmptyValues(CLI::App& app) {
  const auto refuse = [](const std::string& value) {
    return value.empty() ? std::string("is empty") : std::string();
  };
  for (CLI::Option* option : app.get_options()) {
    if (option->nonpositional() && option->get_type_size() > 0) {
      option->check(refuse);
    }
  }
  for (CLI::App* command : app.get_subcommands({})) RefuseEmptyValues(*command);
}

// What to say about arguments that no command takes. Only the names of options
// are shown: the rest may be tokens.
std::string DescribeSurplus(const CLI::App& app) {
  for (const std::string& argument : app.remaining(/*recurse=*/true)) {
    if (argument.empty() || argument.front() != '-') continue;
    return absl::StrCat(argument.substr(0, argument.find('=')),
                        ": the option was not expected");
  }
  return "an argument was not expected";
}

// Runs the command that the arguments name.
signet::ExitCode RunCommand(int argc, char** argv) {
  CLI::App app("Signs, verifies and introspects JSON Web Tokens.", "signet");
  app.require_subcommand(1);
  auto exit_code = signet::ExitCode::kUndecided;
  signet::AddServeCommand(app, exit_code);
  signet::AddSignCommand(app, exit_code);
  signet::AddVerifyCommand(app, exit_code);
  signet::AddIntrospectCommand(app, exit_code);
  signet::AddInspectCommand(app, exit_code);
  signet::AddRevokeCommand(app, exit_code);
  signet::AddKeysCommand(app, exit_code);
  signet::AddStoreCommand(app, exit_code);
  signet::AddTopCommand(app, exit_code);
  RefuseEmptyValues(app);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError&) {
    return signet::Report(absl::InvalidArgumentError(
        absl::StrCat(DescribeSurplus(app), "; try --help")));
  } catch (const CLI::Success& help) {
    app.exit(help);
    return signet::ExitCode::kAccepted;
  } catch (const CLI::ParseError& error) {
    return signet::Report(
        absl::InvalidArgumentError(absl::StrCat(error.what(), "; try --help")));
  }
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  // gRPC and protobuf write to standard error as they like, in neither of our
  // formats, and tell what we report ourselves. Whoever debugs gRPC can set the
  // variable.
  google::protobuf::SetLogHandler(nullptr);
  // A reader of our output that goes away must not end a server.
  (void)std::signal(SIGPIPE, SIG_IGN);
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);

  signet::ExitCode exit_code = RunCommand(argc, argv);
  // An answer that nobody got is none.
  if (!std::cout.flush()) {
    exit_code = signet::Report(
        absl::DataLossError("standard output: cannot be written"));
  }
  return static_cast<int>(exit_code);
}
