#include "cli/verify_command.h"

#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/connection.h"
#include "cli/duration_option.h"
#include "cli/output.h"
#include "cli/token_input.h"
#include "signet/v1/token_service.grpc.pb.h"
#include "signet/v1/token_service.pb.h"

namespace signet {
namespace {

// The options of the command, bound to the request that they fill.
struct VerifyCommand {
  Connection connection;
  TokenInput token;
  OutputFormat format = OutputFormat::kText;
  v1::VerifyRequest request;
  std::vector<std::string> required_scopes;

  ExitCode Run();
};

void PrintAnswer(const v1::VerifyResponse& response) {
  if (response.has_verified()) {
    std::cout << "accepted\n";
    PrintText(response.verified());
  } else {
    std::cout << "rejected\n";
    PrintText(response.rejection());
  }
  if (!response.checks().empty()) std::cout << "checks\n";
  for (const v1::Check& check : response.checks()) PrintText(check);
}

ExitCode VerifyCommand::Run() {
  absl::StatusOr<std::string> compact = token.Read();
  if (!compact.ok()) return Report(compact.status());
  request.set_token(*std::move(compact));
  request.mutable_required_scopes()->Assign(required_scopes.begin(),
                                            required_scopes.end());
  const absl::StatusOr<v1::VerifyResponse> response =
      connection.Call(&v1::TokenService::Stub::Verify, request);
  if (!response.ok()) return Report(response.status());
  const absl::Status printed =
      Print<v1::VerifyResponse>(*response, format, PrintAnswer);
  if (!printed.ok()) return Report(printed);
  return response->has_verified() ? ExitCode::kAccepted : ExitCode::kRejected;
}

}  // namespace

void AddVerifyCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "verify", "Verify a token: exit 0 if accepted, 1 if rejected");
  const auto options = std::make_shared<VerifyCommand>();
  v1::VerifyRequest& request = options->request;
  options->token.AddTo(command);
  command
      .add_option("--policy", *request.mutable_policy(),
                  "The server's policy to apply")
      ->required();
  // Not bound to the request, where touching these fields would set them.
  command.add_option_function<std::string>(
      "--audience",
      [&request](const std::string& text) { request.set_audience(text); },
      "Demand this audience");
  command
      .add_option("--scope", options->required_scopes,
                  "Demand this scope (may be repeated)")
      ->allow_extra_args(false);
  command.add_option_function<std::string>(
      "--nonce",
      [&request](const std::string& text) { request.set_nonce(text); },
      "Demand this nonce");
  command.add_option_function<std::string>(
      "--access-token",
      [&request](const std::string& text) { request.set_access_token(text); },
      "Demand that at_hash is the hash of this access token");
  AddDurationOption(command, "--max-age", "Demand iat within, like 10m",
                    [&request](const google::protobuf::Duration& age) {
                      *request.mutable_max_token_age() = age;
                    });
  AddDurationOption(command, "--max-authentication-age",
                    "Demand auth_time within, like 1h",
                    [&request](const google::protobuf::Duration& age) {
                      *request.mutable_max_authentication_age() = age;
                    });
  command.add_flag_callback(
      "--explain", [&request] { request.set_explain(true); },
      "Show every check with its outcome");
  AddOutputOption(command, options->format);
  options->connection.AddTo(command);
  command.callback([options, &exit_code] { exit_code = options->Run(); });
}

}  // namespace signet
