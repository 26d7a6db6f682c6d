#include "cli/keys_command.h"

#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "cli/key_listing.h"
#include "cli/output.h"
#include "cli/printable.h"
#include "cli/server_keys_command.h"
#include "jose/algorithm.h"
#include "jose/json_writer.h"
#include "keys/jwk_set.h"
#include "keys/key_file.h"
#include "keys/signing_key.h"
#include "keys/verification_key.h"

namespace signet {
namespace {

struct KeysCommand {
  std::string algorithm;
  std::string key_id;
  std::string path;
  OutputFormat format = OutputFormat::kText;

  ExitCode Generate() const;
  ExitCode List() const;
  ExitCode Export() const;

 private:
  absl::StatusOr<std::optional<Algorithm>> ReadAlgorithm() const;
  absl::StatusOr<std::vector<ListedKey>> Load() const;
};

absl::StatusOr<std::optional<Algorithm>> KeysCommand::ReadAlgorithm() const {
  if (algorithm.empty()) return std::optional<Algorithm>();
  const std::optional<Algorithm> named = AlgorithmFromName(algorithm);
  if (named) return named;
  const auto name = [](std::string* out, Algorithm a) {
    absl::StrAppend(out, AlgorithmName(a));
  };
  return absl::InvalidArgumentError(
      absl::StrCat("--algorithm: must be one of ",
                   absl::StrJoin(kAllAlgorithms, ", ", name)));
}

absl::StatusOr<std::vector<ListedKey>> KeysCommand::Load() const {
  const absl::StatusOr<std::optional<Algorithm>> named = ReadAlgorithm();
  if (!named.ok()) return named.status();
  return ListKeys(path, key_id, *named);
}

ExitCode KeysCommand::Generate() const {
  const absl::StatusOr<std::optional<Algorithm>> named = ReadAlgorithm();
  if (!named.ok()) return Report(named.status());
  const absl::StatusOr<SigningKey> key = SigningKey::Generate(**named, key_id);
  if (!key.ok()) return Report(key.status());
  const absl::Status saved = SaveSigningKey(*key, path);
  if (!saved.ok()) return Report(saved);
  std::cout << Printable(key->key_id()) << "\n";
  return ExitCode::kAccepted;
}

std::string ToJson(const ListedKey& listed) {
  JsonObjectWriter writer;
  writer.AddString("kid", listed.key.key_id());
  writer.AddString("alg", AlgorithmName(listed.key.algorithm()));
  writer.AddBool("private", listed.is_private);
  return std::move(writer).Finish();
}

std::string ToJson(const std::vector<ListedKey>& listed) {
  const auto add = [](std::string* out, const ListedKey& one) {
    absl::StrAppend(out, ToJson(one));
  };
  JsonObjectWriter writer;
  writer.AddJson("keys",
                 absl::StrCat("[", absl::StrJoin(listed, ",", add), "]"));
  return std::move(writer).Finish();
}

ExitCode KeysCommand::List() const {
  const absl::StatusOr<std::vector<ListedKey>> listed = Load();
  if (!listed.ok()) return Report(listed.status());
  if (format == OutputFormat::kJson) {
    std::cout << Printable(ToJson(*listed)) << "\n";
    return ExitCode::kAccepted;
  }
  for (const ListedKey& one : *listed) {
    std::cout << absl::StrFormat(
        "%-6s %-8s %s\n", AlgorithmName(one.key.algorithm()),
        one.is_private ? "private" : "public", Printable(one.key.key_id()));
  }
  return ExitCode::kAccepted;
}

ExitCode KeysCommand::Export() const {
  absl::StatusOr<std::vector<ListedKey>> listed = Load();
  if (!listed.ok()) return Report(listed.status());
  std::vector<VerificationKey> keys;
  for (ListedKey& one : *listed) {
    if (!IsAsymmetric(one.key.algorithm())) {
      return Report(absl::FailedPreconditionError(
          absl::StrCat(path, ": an HMAC secret has no public half to export")));
    }
    keys.push_back(std::move(one.key));
  }
  std::cout << Printable(ToPublicJwkSet(keys)) << "\n";
  return ExitCode::kAccepted;
}

// Declares a subcommand that reads a key file.
CLI::App& AddFileCommand(CLI::App& keys, const std::string& name,
                         const std::string& description, KeysCommand& options) {
  CLI::App& command = *keys.add_subcommand(name, description);
  command.add_option("file", options.path, "A JWK, a JWK Set, or a PEM file")
      ->required();
  command.add_option("--algorithm", options.algorithm,
                     "The algorithm of a key that does not name one");
  return command;
}

}  // namespace

void AddKeysCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& keys = *app.add_subcommand(
      "keys", "Work with key files, and with the keys of a server");
  keys.require_subcommand(1);
  const auto options = std::make_shared<KeysCommand>();

  CLI::App& generate = *keys.add_subcommand(
      "generate", "Write a new private key to a new file, and print its kid");
  generate
      .add_option("--algorithm", options->algorithm, "The algorithm it is for")
      ->required();
  generate.add_option("--key-id", options->key_id,
                      "kid; by default the thumbprint (RFC 7638)");
  generate.add_option("file", options->path, "The file to create")->required();
  generate.callback([options, &exit_code] { exit_code = options->Generate(); });

  CLI::App& list = AddFileCommand(
      keys, "list", "Show the keys in a file, without secrets", *options);
  AddOutputOption(list, options->format);
  list.callback([options, &exit_code] { exit_code = options->List(); });

  CLI::App& exporter = AddFileCommand(
      keys, "export", "Print the public keys in a file as a JWK Set", *options);
  exporter.callback([options, &exit_code] { exit_code = options->Export(); });

  AddServerKeysCommands(keys, exit_code);
}

}  // namespace signet
