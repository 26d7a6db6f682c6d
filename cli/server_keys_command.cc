#include "cli/server_keys_command.h"

#include <cstdint>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "cli/connection.h"
#include "cli/output.h"
#include "cli/printable.h"
#include "cli/table.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "signet/v1/key_service.grpc.pb.h"
#include "signet/v1/key_service.pb.h"

namespace signet {
namespace {

using KeySteps = google::protobuf::RepeatedPtrField<v1::KeyStep>;

// The options of the commands.
struct ServerKeysCommand {
  Connection connection;
  OutputFormat format = OutputFormat::kText;
  std::string issuer;
  std::string algorithm;
  std::string key_id;
  bool dry_run = false;
  bool once = false;

  ExitCode Status() const;
  ExitCode Rotate() const;
  ExitCode Revoke() const;
  ExitCode Watch() const;

 private:
  // Prints an answer, or why there is none.
  template <typename Response>
  ExitCode PrintAnswer(
      const absl::StatusOr<Response>& response,
      absl::FunctionRef<void(const Response&)> print_text) const;
};

template <typename Response>
ExitCode ServerKeysCommand::PrintAnswer(
    const absl::StatusOr<Response>& response,
    absl::FunctionRef<void(const Response&)> print_text) const {
  if (!response.ok()) return Report(response.status());
  const absl::Status printed = Print(*response, format, print_text);
  return printed.ok() ? ExitCode::kAccepted : Report(printed);
}

std::string StateName(v1::KeyState state) {
  return state == v1::KEY_STATE_UNSPECIFIED
             ? ""
             : ShortName("KEY_STATE_", v1::KeyState_Name(state));
}

// "29d 23h" for what is long, "1h2m3s" for what is not.
std::string TimeLeft(const v1::SigningKey& key) {
  if (!key.has_time_left()) return {};
  const absl::Duration left = absl::Seconds(key.time_left().seconds());
  absl::Duration rest;
  const int64_t days = absl::IDivDuration(left, absl::Hours(24), &rest);
  if (days < 2) return absl::FormatDuration(left);
  return absl::StrCat(days, "d ", absl::ToInt64Hours(rest), "h");
}

void PrintKeys(const v1::ListKeysResponse& response) {
  std::vector<TableRow> rows = {
      {"ISSUER", "KEY", "ALG", "STATE", "TIME LEFT", "LIVE TOKENS"}};
  for (const v1::SigningKey& key : response.keys()) {
    rows.push_back({key.issuer(), key.key_id(), key.algorithm(),
                    StateName(key.state()), TimeLeft(key),
                    absl::StrCat(key.live_tokens())});
  }
  PrintTable(rows);
}

void PrintSteps(const KeySteps& steps) {
  if (steps.empty()) return;
  std::vector<TableRow> rows = {{"KEY", "ALG", "FROM", "TO", "LIVE TOKENS"}};
  for (const v1::KeyStep& step : steps) {
    rows.push_back({step.key_id().empty() ? "(new)" : step.key_id(),
                    step.algorithm(), StateName(step.from()),
                    StateName(step.to()), absl::StrCat(step.live_tokens())});
  }
  PrintTable(rows);
}

// Says so if no key took the place of the one that signed.
void PrintVacancy(const KeySteps& steps) {
  std::string vacant;
  for (const v1::KeyStep& step : steps) {
    if (step.from() == v1::KEY_STATE_ACTIVE) vacant = step.algorithm();
  }
  for (const v1::KeyStep& step : steps) {
    if (step.to() == v1::KEY_STATE_ACTIVE) vacant.clear();
  }
  if (vacant.empty()) return;
  std::cout << "nothing is signed with " << Printable(vacant)
            << " until the pending key may; \"signet keys status\" says when\n";
}

ExitCode ServerKeysCommand::Status() const {
  v1::ListKeysRequest request;
  request.set_issuer(issuer);
  return PrintAnswer<v1::ListKeysResponse>(
      connection.Call(&v1::KeyService::Stub::ListKeys, request), PrintKeys);
}

ExitCode ServerKeysCommand::Rotate() const {
  v1::RotateKeyRequest request;
  request.set_issuer(issuer);
  request.set_algorithm(algorithm);
  request.set_dry_run(dry_run);
  return PrintAnswer<v1::RotateKeyResponse>(
      connection.Call(&v1::KeyService::Stub::RotateKey, request),
      [this](const v1::RotateKeyResponse& response) {
        std::cout << (dry_run ? "would be rotated\n" : "rotated\n");
        PrintSteps(response.steps());
      });
}

ExitCode ServerKeysCommand::Revoke() const {
  v1::RevokeKeyRequest request;
  request.set_issuer(issuer);
  request.set_key_id(key_id);
  return PrintAnswer<v1::RevokeKeyResponse>(
      connection.Call(&v1::KeyService::Stub::RevokeKey, request),
      [](const v1::RevokeKeyResponse& response) {
        std::cout << "revoked\n";
        PrintSteps(response.steps());
        PrintVacancy(response.steps());
      });
}

ExitCode ServerKeysCommand::Watch() const {
  v1::WatchJwksRequest request;
  request.set_issuer(issuer);
  const auto print = [this](const v1::WatchJwksResponse& response) {
    std::cout << Printable(response.jwks_json()) << "\n" << std::flush;
    return std::cout.good() && !once;
  };
  const absl::Status watched =
      connection.Listen(&v1::KeyService::Stub::WatchJwks, request, print);
  return watched.ok() ? ExitCode::kAccepted : Report(watched);
}

// A command with options of its own: those of one that is not run must not get
// into the way, by the environment, of those of the one that is.
struct Declared {
  CLI::App& command;
  ServerKeysCommand& options;
};

Declared Declare(CLI::App& keys, const std::string& name,
                 const std::string& description,
                 ExitCode (ServerKeysCommand::*run)() const,
                 ExitCode& exit_code) {
  CLI::App& command = *keys.add_subcommand(name, description);
  const auto options = std::make_shared<ServerKeysCommand>();
  command.callback(
      [options, run, &exit_code] { exit_code = ((*options).*run)(); });
  return {command, *options};
}

CLI::Option& AddIssuer(const Declared& declared) {
  return *declared.command.add_option("--issuer", declared.options.issuer,
                                      "The issuer that the server signs as");
}

// Adds what all commands have that wait for one answer.
void AddAnswerOptions(const Declared& declared) {
  AddOutputOption(declared.command, declared.options.format);
  declared.options.connection.AddTo(declared.command);
}

void AddStatus(CLI::App& keys, ExitCode& exit_code) {
  const Declared status = Declare(
      keys, "status",
      "Show the keys that a server signs with, and for how long each will stay "
      "what it is",
      &ServerKeysCommand::Status, exit_code);
  AddIssuer(status);
  AddAnswerOptions(status);
}

void AddRotate(CLI::App& keys, ExitCode& exit_code) {
  const Declared rotate =
      Declare(keys, "rotate",
              "Have the pending key of an algorithm sign in place of the "
              "active one",
              &ServerKeysCommand::Rotate, exit_code);
  AddIssuer(rotate).required();
  rotate.command
      .add_option("--algorithm", rotate.options.algorithm, "alg of the keys")
      ->required();
  rotate.command.add_flag("--dry-run", rotate.options.dry_run,
                          "Only say what would be done");
  AddAnswerOptions(rotate);
}

void AddRevoke(CLI::App& keys, ExitCode& exit_code) {
  const Declared revoke = Declare(
      keys, "revoke",
      "End the use of a key that leaked, and with it the trust in its tokens",
      &ServerKeysCommand::Revoke, exit_code);
  AddIssuer(revoke).required();
  revoke.command
      .add_option("--key-id", revoke.options.key_id, "kid of the key")
      ->required();
  AddAnswerOptions(revoke);
}

void AddWatch(CLI::App& keys, ExitCode& exit_code) {
  const Declared watch = Declare(
      keys, "watch",
      "Print the JWK Set of an issuer, and again whenever it changes; one a "
      "line",
      &ServerKeysCommand::Watch, exit_code);
  AddIssuer(watch).required();
  watch.command.add_flag("--once", watch.options.once,
                         "Print it once, and end");
  watch.options.connection.AddServerTo(watch.command);
}

}  // namespace

void AddServerKeysCommands(CLI::App& keys, ExitCode& exit_code) {
  AddStatus(keys, exit_code);
  AddRotate(keys, exit_code);
  AddRevoke(keys, exit_code);
  AddWatch(keys, exit_code);
}

}  // namespace signet
