#include "cli/sign_command.h"

#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/choice_option.h"
#include "cli/connection.h"
#include "cli/duration_option.h"
#include "cli/output.h"
#include "cli/printable.h"
#include "cli/time_option.h"
#include "signet/v1/token_service.grpc.pb.h"
#include "signet/v1/token_service.pb.h"

namespace signet {
namespace {

// The options of the command, bound to the request that they fill.
struct SignCommand {
  Connection connection;
  OutputFormat format = OutputFormat::kText;
  v1::SignRequest request;
  v1::TokenKind kind = v1::TOKEN_KIND_UNSPECIFIED;
  std::vector<std::string> audiences;
  std::vector<std::string> scopes;
  std::vector<std::string> authentication_methods;

  void FillRequest();
  ExitCode Run();
};

void SignCommand::FillRequest() {
  request.set_kind(kind);
  request.mutable_audiences()->Assign(audiences.begin(), audiences.end());
  request.mutable_scopes()->Assign(scopes.begin(), scopes.end());
  request.mutable_authentication_methods()->Assign(
      authentication_methods.begin(), authentication_methods.end());
}

void PrintToken(const v1::SignResponse& response) {
  std::cout << Printable(response.token()) << "\n";
}

ExitCode SignCommand::Run() {
  FillRequest();
  const absl::StatusOr<v1::SignResponse> response =
      connection.Call(&v1::TokenService::Stub::Sign, request);
  if (!response.ok()) return Report(response.status());
  const absl::Status printed =
      Print<v1::SignResponse>(*response, format, PrintToken);
  if (!printed.ok()) return Report(printed);
  return ExitCode::kAccepted;
}

void AddClaimOptions(CLI::App& command, SignCommand& options) {
  v1::SignRequest& request = options.request;
  command.add_option("--subject", *request.mutable_subject(), "sub");
  command.add_option("--audience", options.audiences, "aud (may be repeated)")
      ->allow_extra_args(false);
  command.add_option("--scope", options.scopes, "scope (may be repeated)")
      ->allow_extra_args(false);
  command.add_option("--client-id", *request.mutable_client_id(), "client_id");
  command.add_option("--nonce", *request.mutable_nonce(), "nonce");
  command.add_option("--authorized-party", *request.mutable_authorized_party(),
                     "azp");
  command.add_option("--access-token", *request.mutable_access_token(),
                     "The access token that at_hash is for");
  AddTimeOption(command, "--authenticated-at",
                "auth_time, like 2026-01-31T12:00:00Z",
                [&request](const google::protobuf::Timestamp& time) {
                  *request.mutable_authenticated_at() = time;
                });
  command.add_option("--acr", *request.mutable_authentication_context_class(),
                     "acr");
  command
      .add_option("--amr", options.authentication_methods,
                  "amr (may be repeated)")
      ->allow_extra_args(false);
  command.add_option("--claims", *request.mutable_custom_claims_json(),
                     "Further claims, as a JSON object");
}

}  // namespace

void AddSignCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command =
      *app.add_subcommand("sign", "Have the server issue a token");
  const auto options = std::make_shared<SignCommand>();
  v1::SignRequest& request = options->request;
  AddChoiceOption<v1::TokenKind>(command, "--kind", options->kind,
                                 {{"access", v1::TOKEN_KIND_ACCESS_TOKEN},
                                  {"id", v1::TOKEN_KIND_ID_TOKEN},
                                  {"jwt", v1::TOKEN_KIND_JWT}},
                                 "The kind of token")
      ->required();
  command.add_option("--issuer", *request.mutable_issuer(),
                     "The issuer to sign as, if the server has several");
  AddClaimOptions(command, *options);
  AddDurationOption(command, "--lifetime", "Time until exp, like 5m",
                    [&request](const google::protobuf::Duration& lifetime) {
                      *request.mutable_lifetime() = lifetime;
                    });
  command.add_option("--algorithm", *request.mutable_algorithm(),
                     "alg, for an issuer with several");
  AddOutputOption(command, options->format);
  options->connection.AddTo(command);
  command.callback([options, &exit_code] { exit_code = options->Run(); });
}

}  // namespace signet
