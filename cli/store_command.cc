#include "cli/store_command.h"

#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <system_error>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/printable.h"
#include "keys/key_rewrap.h"
#include "keys/key_sealing.h"
#include "store/open_store.h"
#include "store/store.h"
#include "store/store_copy.h"
#include "store/store_counts.h"

namespace signet {
namespace {

constexpr absl::Duration kProgressInterval = absl::Seconds(1);

// The options of the commands. An address may contain a password, and so is
// never shown.
struct StoreCommand {
  std::string address;
  std::string target_address;
  std::string key_file;
  std::string new_key_file;

  ExitCode NewKey() const;
  ExitCode Check() const;
  ExitCode Migrate() const;
  ExitCode Rewrap() const;
};

// Opens a store that is there: unlike for a server, one that is not is a
// mistake in the address.
absl::StatusOr<std::unique_ptr<Store>> OpenExisting(
    const std::string& address) {
  absl::string_view path = address;
  std::error_code error;
  if (absl::ConsumePrefix(&path, "sqlite:") &&
      !std::filesystem::exists(std::string(path), error)) {
    return absl::NotFoundError(absl::StrCat(path, ": there is no store"));
  }
  return OpenStore(address);
}

std::string ToText(const StoreCounts& counts) {
  return absl::StrCat(counts.keys, " keys of ", counts.issuers, " issuers, ",
                      counts.revocations, " revocations, ", counts.jwk_sets,
                      " fetched JWK Sets");
}

ExitCode StoreCommand::NewKey() const {
  const absl::StatusOr<KeyEncryptionKey> key =
      KeyEncryptionKey::Create(new_key_file);
  if (!key.ok()) return Report(key.status());
  std::cout << key->id() << "\n";
  return ExitCode::kAccepted;
}

ExitCode StoreCommand::Check() const {
  const absl::StatusOr<std::unique_ptr<Store>> store = OpenExisting(address);
  if (!store.ok()) return Report(store.status());
  const absl::StatusOr<std::string> checked = (*store)->Check();
  if (!checked.ok()) return Report(checked.status());
  std::cout << Printable(*checked) << "\n";
  return ExitCode::kAccepted;
}

ExitCode StoreCommand::Migrate() const {
  const absl::StatusOr<std::unique_ptr<Store>> from = OpenExisting(address);
  if (!from.ok()) return Report(from.status());
  const absl::StatusOr<std::unique_ptr<Store>> to = OpenStore(target_address);
  if (!to.ok()) return Report(to.status());
  absl::Time shown = absl::InfinitePast();
  const absl::StatusOr<StoreCounts> copied =
      CopyStore(**from, **to, [&shown](const StoreCounts& so_far) {
        const absl::Time now = absl::Now();
        if (now - shown < kProgressInterval) return;
        shown = now;
        std::cerr << "signet: copied so far: " << ToText(so_far) << "\n";
      });
  if (!copied.ok()) return Report(copied.status());
  std::cout << "copied and compared: " << ToText(*copied) << "\n";
  return ExitCode::kAccepted;
}

ExitCode StoreCommand::Rewrap() const {
  const absl::StatusOr<KeyEncryptionKey> from =
      KeyEncryptionKey::Load(key_file);
  if (!from.ok()) return Report(from.status());
  const absl::StatusOr<KeyEncryptionKey> to =
      KeyEncryptionKey::Load(new_key_file);
  if (!to.ok()) return Report(to.status());
  const absl::StatusOr<std::unique_ptr<Store>> store = OpenExisting(address);
  if (!store.ok()) return Report(store.status());
  const absl::StatusOr<RewrappedKeys> keys = RewrapKeys(**store, *from, *to);
  if (!keys.ok()) return Report(keys.status());
  std::cout << "rewrapped " << keys->rewrapped << " private keys; "
            << keys->up_to_date << " were up to date\n"
            << "now restart every server of this store with the key-encryption "
               "key "
            << to->id() << "\n";
  return ExitCode::kAccepted;
}

void AddAddress(CLI::App& command, StoreCommand& options) {
  command
      .add_option("address", options.address,
                  "sqlite:PATH, postgres:KEYWORDS_AND_VALUES or "
                  "postgresql://...")
      ->required();
}

void AddMigrate(CLI::App& store, const std::shared_ptr<StoreCommand>& options,
                ExitCode& exit_code) {
  CLI::App& migrate = *store.add_subcommand(
      "migrate", "Copy a store that no server uses into an empty one");
  migrate.add_option("--from", options->address, "Its address")->required();
  migrate.add_option("--to", options->target_address, "The empty one's")
      ->required();
  migrate.callback([options, &exit_code] { exit_code = options->Migrate(); });
}

void AddRewrap(CLI::App& store, const std::shared_ptr<StoreCommand>& options,
               ExitCode& exit_code) {
  CLI::App& rewrap = *store.add_subcommand(
      "rewrap",
      "Seal all private keys under another key-encryption key; all servers "
      "must then be restarted with that one");
  AddAddress(rewrap, *options);
  rewrap.add_option("--key-file", options->key_file, "The one they are under")
      ->required();
  rewrap
      .add_option("--new-key-file", options->new_key_file,
                  "The other, made by \"signet store new-key\"")
      ->required();
  rewrap.callback([options, &exit_code] { exit_code = options->Rewrap(); });
}

}  // namespace

void AddStoreCommand(CLI::App& app, ExitCode& exit_code) {
  CLI::App& store = *app.add_subcommand(
      "store", "Look after what servers keep: keys and revocations");
  store.require_subcommand(1);
  const auto options = std::make_shared<StoreCommand>();

  CLI::App& new_key = *store.add_subcommand(
      "new-key",
      "Write a new key-encryption key to a new file, and print its id");
  new_key.add_option("file", options->new_key_file, "The file to create")
      ->required();
  new_key.callback([options, &exit_code] { exit_code = options->NewKey(); });

  CLI::App& check = *store.add_subcommand(
      "check", "Look a whole store over, and say what is in it");
  AddAddress(check, *options);
  check.callback([options, &exit_code] { exit_code = options->Check(); });

  AddMigrate(store, options, exit_code);
  AddRewrap(store, options, exit_code);
}

}  // namespace signet
