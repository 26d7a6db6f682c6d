#include "cli/introspect_command.h"

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_join.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/token_input.h"
#include "signet/v1/token_service.grpc.pb.h"
#include "signet/v1/token_service.pb.h"

namespace signet {
namespace {

// The options of the command, bound to the request that they fill.
struct IntrospectCommand {
  Connection connection;
  TokenInput token;
  OutputFormat format = OutputFormat::kText;
  v1::IntrospectRequest request;

  ExitCode Run();
};

void PrintAnswer(const v1::IntrospectResponse& response) {
  std::cout << (response.active() ? "active\n" : "not active\n");
  PrintField("token type", response.token_type());
  PrintField("issuer", response.issuer());
  PrintField("subject", response.subject());
  PrintField("username", response.username());
  PrintField("audiences", absl::StrJoin(response.audiences(), ", "));
  PrintField("expires at", ToText(response.expires_at()));
  PrintField("not before", ToText(response.not_before()));
  PrintField("issued at", ToText(response.issued_at()));
  PrintField("token id", response.token_id());
  PrintField("scopes", absl::StrJoin(response.scopes(), ", "));
  PrintField("client", response.client_id());
  if (response.custom_claims_json() != "{}") {
    PrintField("other claims", response.custom_claims_json());
  }
}

ExitCode IntrospectCommand::Run() {
  absl::StatusOr<std::string> compact = token.Read();
  if (!compact.ok()) return Report(compact.status());
  request.set_token(*std::move(compact));
  const absl::StatusOr<v1::IntrospectResponse> response =
      connection.Call(&v1::TokenService::Stub::Introspect, request);
  if (!response.ok()) return Report(response.status());
  if (format == OutputFormat::kJson && !response->active()) {
    // protobuf would leave out what is false, and print "{}".
    std::cout << "{\"active\":false}\n";
    return ExitCode::kRejected;
  }
  const absl::Status printed =
      Print<v1::IntrospectResponse>(*response, format, PrintAnswer);
  if (!printed.ok()) return Report(printed);
  return response->active() ? ExitCode::kAccepted : ExitCode::kRejected;
}

}  // namespace

void AddIntrospectCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "introspect",
      "Ask whether a token is active (RFC 7662): exit 0 if so, 1 if not");
  const auto options = std::make_shared<IntrospectCommand>();
  options->token.AddTo(command);
  command
      .add_option("--policy", *options->request.mutable_policy(),
                  "The server's policy that decides")
      ->required();
  AddOutputOption(command, options->format);
  options->connection.AddTo(command);
  command.callback([options, &exit_code] { exit_code = options->Run(); });
}

}  // namespace signet
