#include "cli/revoke_command.h"

#include <iostream>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/time_option.h"
#include "cli/token_input.h"
#include "signet/v1/revocation_service.grpc.pb.h"
#include "signet/v1/revocation_service.pb.h"

namespace signet {
namespace {

// The options of the command.
struct RevokeCommand {
  Connection connection;
  TokenInput token;
  OutputFormat format = OutputFormat::kText;
  std::string issuer;
  std::string token_id;
  std::string subject;
  std::string key_id;
  v1::RevokeRequest request;

  ExitCode Run();

 private:
  absl::Status FillTarget();
  absl::Status FillTargetOfIssuer();
};

absl::Status RevokeCommand::FillTarget() {
  if (!issuer.empty()) return FillTargetOfIssuer();
  absl::StatusOr<std::string> compact = token.Read();
  if (!compact.ok()) return compact.status();
  request.set_token(*std::move(compact));
  return absl::OkStatus();
}

absl::Status RevokeCommand::FillTargetOfIssuer() {
  if (!token_id.empty()) {
    request.mutable_token_id()->set_issuer(issuer);
    request.mutable_token_id()->set_jwt_id(token_id);
  } else if (!subject.empty()) {
    request.mutable_subject()->set_issuer(issuer);
    request.mutable_subject()->set_subject(subject);
  } else if (!key_id.empty()) {
    request.mutable_key()->set_issuer(issuer);
    request.mutable_key()->set_key_id(key_id);
  } else if (request.has_issued_before()) {
    request.mutable_issuer()->set_issuer(issuer);
  } else {
    // All that an issuer ever signed is not revoked by leaving something out.
    return absl::InvalidArgumentError(
        "--issuer: say what of it is revoked, with --token-id, --subject, "
        "--key-id or --issued-before");
  }
  return absl::OkStatus();
}

void PrintAnswer(const v1::RevokeResponse& response) {
  std::cout << "revoked\n";
  PrintField("kept until", response.has_expires() ? ToText(response.expires())
                                                  : "further notice");
}

ExitCode RevokeCommand::Run() {
  const absl::Status filled = FillTarget();
  if (!filled.ok()) return Report(filled);
  const absl::StatusOr<v1::RevokeResponse> response =
      connection.Call(&v1::RevocationService::Stub::Revoke, request);
  if (!response.ok()) return Report(response.status());
  const absl::Status printed =
      Print<v1::RevokeResponse>(*response, format, PrintAnswer);
  if (!printed.ok()) return Report(printed);
  return ExitCode::kAccepted;
}

// Declares what names other things to revoke than one token.
void AddTargetOptions(CLI::App& command, RevokeCommand& options) {
  v1::RevokeRequest& request = options.request;
  CLI::Option* const issuer =
      command
          .add_option("--issuer", options.issuer,
                      "Instead of a token: revoke something of this issuer")
          ->excludes(command.get_option("token"))
          ->excludes(command.get_option("--token-file"));
  CLI::Option* const token_id =
      command
          .add_option("--token-id", options.token_id, "The token with this jti")
          ->needs(issuer);
  CLI::Option* const subject =
      command
          .add_option("--subject", options.subject,
                      "The tokens for this sub that were issued before now, or "
                      "before --issued-before")
          ->needs(issuer)
          ->excludes(token_id);
  CLI::Option* const key_id =
      command
          .add_option("--key-id", options.key_id,
                      "The tokens signed with the key of this kid. For one "
                      "that Signet signs with, \"signet keys revoke\" also "
                      "ends its use")
          ->needs(issuer)
          ->excludes(token_id)
          ->excludes(subject);
  AddTimeOption(command, "--issued-before",
                "What was issued before this, like 2026-01-31T12:00:00Z: "
                "everything of the issuer's, or of --subject",
                [&request](const google::protobuf::Timestamp& time) {
                  *request.mutable_issued_before() = time;
                })
      ->needs(issuer)
      ->excludes(token_id)
      ->excludes(key_id);
}

}  // namespace

void AddRevokeCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& command = *app.add_subcommand(
      "revoke",
      "End the trust in a token, or in many at once, before they expire");
  const auto options = std::make_shared<RevokeCommand>();
  options->token.AddTo(command);
  AddTargetOptions(command, *options);
  AddTimeOption(
      command, "--expires",
      "When the revocation may be dropped, because all that it is "
      "about has expired; by default when the server knows that it "
      "has",
      [&request = options->request](const google::protobuf::Timestamp& time) {
        *request.mutable_expires() = time;
      });
  AddOutputOption(command, options->format);
  options->connection.AddTo(command);
  command.callback([options, &exit_code] { exit_code = options->Run(); });
}

}  // namespace signet
