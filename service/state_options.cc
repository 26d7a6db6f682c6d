#include "service/state_options.h"

#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "service/config_duration.h"
#include "service/config_field.h"

namespace signet {
namespace {

namespace fs = std::filesystem;

constexpr absl::string_view kSqlite = "sqlite:";
constexpr char kStoreName[] = "/signet.db";

absl::Status ReadKeyPlace(const config::v1::State& config,
                          const std::string& folder, StateOptions& options) {
  const bool has_file = !config.key_encryption_key_file().empty();
  const bool has_variable = !config.key_encryption_key_variable().empty();
  if (has_file && has_variable) {
    return absl::InvalidArgumentError(
        "key_encryption_key_variable: drop this, or key_encryption_key_file; "
        "the key is in one place");
  }
  if (has_file) {
    options.key_file = ResolvePath(folder, config.key_encryption_key_file());
  } else if (has_variable) {
    options.key_variable = config.key_encryption_key_variable();
  } else if (!config.store().empty()) {
    return absl::InvalidArgumentError(
        "key_encryption_key_file: is required with this store; \"signet store "
        "new-key\" makes one");
  } else {
    options.key_file = options.data_folder + ".key";
    options.missing_key = StateOptions::MissingKey::kIsGenerated;
  }
  return absl::OkStatus();
}

// An SQLite file with a relative path is in `folder`.
std::string ResolveStore(const std::string& folder, const std::string& store) {
  absl::string_view path = store;
  if (!absl::ConsumePrefix(&path, kSqlite)) return store;
  return absl::StrCat(kSqlite, ResolvePath(folder, std::string(path)));
}

absl::Status MakeFolder(const std::string& folder) {
  std::error_code error;
  if (fs::create_directories(folder, error) && !error) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(folder, ": cannot be created: ", error.message()));
}

absl::StatusOr<KeyEncryptionKey> ReadVariable(const std::string& name) {
  const char* const text = std::getenv(name.c_str());
  if (text == nullptr) {
    return absl::NotFoundError(
        absl::StrCat("the environment variable ", name, " is not set"));
  }
  absl::StatusOr<KeyEncryptionKey> key = KeyEncryptionKey::Parse(text);
  if (key.ok()) return key;
  return absl::InvalidArgumentError(absl::StrCat(
      "the environment variable ", name, " ", key.status().message()));
}

}  // namespace

absl::StatusOr<StateOptions> ReadStateOptions(
    const config::v1::ServerConfig& config, const std::string& folder) {
  const config::v1::State& state = config.state();
  StateOptions options;
  if (state.store().empty()) {
    options.data_folder = absl::StrCat(
        absl::StripSuffix(ResolvePath(folder, config.data_folder().empty()
                                                  ? "data"
                                                  : config.data_folder()),
                          "/"));
    options.store = absl::StrCat(kSqlite, options.data_folder, kStoreName);
  } else {
    options.store = ResolveStore(folder, state.store());
  }
  absl::Status read = ReadKeyPlace(state, folder, options);
  read.Update(ReadDuration("max_staleness", state.has_max_staleness(),
                           state.max_staleness(), options.max_staleness));
  if (!read.ok()) return InField("state", read);
  if (state.refuse_when_stale()) options.when_stale = WhenStale::kRefuse;
  return options;
}

absl::StatusOr<KeyEncryptionKey> LoadKeyEncryptionKey(
    const StateOptions& options) {
  if (!options.data_folder.empty()) {
    const absl::Status made = MakeFolder(options.data_folder);
    if (!made.ok()) return made;
  }
  if (!options.key_variable.empty()) return ReadVariable(options.key_variable);
  switch (options.missing_key) {
    case StateOptions::MissingKey::kIsAnError:
      return KeyEncryptionKey::Load(options.key_file);
    case StateOptions::MissingKey::kIsGenerated:
      // A store without its key must not get another.
      return fs::exists(options.data_folder + kStoreName)
                 ? KeyEncryptionKey::Load(options.key_file)
                 : KeyEncryptionKey::LoadOrCreate(options.key_file);
  }
  __builtin_unreachable();
}

}  // namespace signet
