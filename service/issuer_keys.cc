#include "service/issuer_keys.h"

#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "keys/key_file.h"
#include "service/config_field.h"

namespace signet {
namespace {

absl::StatusOr<KeyFile> ToKeyFile(absl::string_view field,
                                  const config::v1::KeyFile& config,
                                  const KeyPlace& place) {
  KeyFile file;
  switch (config.source_case()) {
    case config::v1::KeyFile::kJwkFile:
      file.path = ResolvePath(place.folder, config.jwk_file());
      file.format = KeyFile::Format::kJwk;
      break;
    case config::v1::KeyFile::kPemFile:
      file.path = ResolvePath(place.folder, config.pem_file());
      file.format = KeyFile::Format::kPem;
      break;
    case config::v1::KeyFile::SOURCE_NOT_SET:
      return absl::InvalidArgumentError(
          absl::StrCat(field, ": name a jwk_file or a pem_file"));
  }
  if (config.jwk_file().empty() && config.pem_file().empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, file.format == KeyFile::Format::kJwk ? ".jwk_file" : ".pem_file",
        ": is empty; write the path of a file"));
  }
  if (!config.key_id().empty() && file.format == KeyFile::Format::kJwk) {
    return absl::InvalidArgumentError(
        absl::StrCat(field, ".key_id: only for pem_file; a JWK has its own"));
  }
  file.key_id = config.key_id();
  if (!config.algorithm().empty()) {
    const absl::StatusOr<Algorithm> algorithm =
        AlgorithmAtField(absl::StrCat(field, ".algorithm"), config.algorithm());
    if (!algorithm.ok()) return algorithm.status();
    file.algorithm = *algorithm;
  }
  return file;
}

template <typename Key>
AlgorithmSet AlgorithmsOf(const std::vector<Key>& keys) {
  AlgorithmSet algorithms;
  for (const Key& key : keys) algorithms.Add(key.algorithm());
  return algorithms;
}

// Checks that `configured`, if given, is the algorithm of a key in the file.
// Others may be beside it: in a set, it is for keys that do not name one.
absl::Status CheckAlgorithm(absl::string_view field,
                            std::optional<Algorithm> configured,
                            AlgorithmSet in_file) {
  if (!configured || in_file.empty() || in_file.Contains(*configured)) {
    return absl::OkStatus();
  }
  std::vector<absl::string_view> names;
  for (const Algorithm algorithm : kAllAlgorithms) {
    if (in_file.Contains(algorithm)) names.push_back(AlgorithmName(algorithm));
  }
  return absl::InvalidArgumentError(
      absl::StrCat(field, ".algorithm: is ", AlgorithmName(*configured),
                   ", but the file has keys for ", absl::StrJoin(names, ", "),
                   "; drop this, or name another file"));
}

// Loads each of the files with `load`, and joins the results.
template <typename Key>
absl::StatusOr<std::vector<Key>> LoadAll(
    const google::protobuf::RepeatedPtrField<config::v1::KeyFile>& files,
    const KeyPlace& place, absl::string_view field,
    absl::StatusOr<std::vector<Key>> (*load)(const KeyFile&,
                                             const KeyLimits&)) {
  std::vector<Key> all;
  for (int i = 0; i < files.size(); ++i) {
    const std::string at = absl::StrCat(field, "[", i, "]");
    const absl::StatusOr<KeyFile> file = ToKeyFile(at, files[i], place);
    if (!file.ok()) return file.status();
    absl::StatusOr<std::vector<Key>> keys = load(*file, place.limits);
    if (!keys.ok()) return AtField(at, keys.status());
    const absl::Status algorithm =
        CheckAlgorithm(at, file->algorithm, AlgorithmsOf(*keys));
    if (!algorithm.ok()) return algorithm;
    for (Key& key : *keys) all.push_back(std::move(key));
  }
  return all;
}

// One file for each issuer and algorithm. An issuer is a URL, which makes a
// poor file name; its hash makes a good one.
std::string GeneratedKeyPath(const std::string& issuer, Algorithm algorithm,
                             const KeyPlace& place) {
  const Digest digest(EVP_sha256(), issuer);
  return absl::StrCat(
      place.data_folder, "/keys/",
      absl::BytesToHexString(AsText(digest.bytes().subspan(0, 8))), "-",
      AlgorithmName(algorithm), ".jwk");
}

absl::StatusOr<SigningKey> LoadOnly(const std::string& path,
                                    const KeyLimits& limits) {
  absl::StatusOr<std::vector<SigningKey>> keys =
      LoadSigningKeys({.path = path}, limits);
  if (!keys.ok()) return keys.status();
  if (keys->size() != 1) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": has ", keys->size(), " keys instead of one"));
  }
  return std::move(keys->front());
}

absl::Status MakeFolderOf(const std::string& path) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(path).parent_path();
  std::error_code error;
  if (fs::create_directories(folder, error) && !error) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (!error) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(folder.string(), ": cannot be created: ", error.message()));
}

absl::StatusOr<SigningKey> LoadOrGenerate(const std::string& path,
                                          Algorithm algorithm,
                                          const KeyPlace& place) {
  absl::StatusOr<SigningKey> kept = LoadOnly(path, place.limits);
  if (!absl::IsNotFound(kept.status())) return kept;
  absl::StatusOr<SigningKey> key = SigningKey::Generate(algorithm);
  if (!key.ok() || !place.save_generated) return key;
  const absl::Status folder = MakeFolderOf(path);
  if (!folder.ok()) return folder;
  const absl::Status saved = SaveSigningKey(*key, path);
  // Somebody else was faster, so theirs is the key.
  if (absl::IsAlreadyExists(saved)) return LoadOnly(path, place.limits);
  if (!saved.ok()) return saved;
  return key;
}

}  // namespace

absl::StatusOr<std::vector<VerificationKey>> LoadIssuerVerificationKeys(
    const config::v1::Issuer& issuer, const KeyPlace& place) {
  return LoadAll(issuer.keys(), place, "keys", LoadVerificationKeys);
}

absl::StatusOr<std::vector<SigningKey>> LoadIssuerSigningKeys(
    const config::v1::Issuer& issuer, const KeyPlace& place) {
  const config::v1::Signing& signing = issuer.signing();
  absl::StatusOr<std::vector<SigningKey>> keys =
      LoadAll(signing.keys(), place, "signing.keys", LoadSigningKeys);
  if (!keys.ok()) return keys.status();
  AlgorithmSet generated;
  for (int i = 0; i < signing.generate_size(); ++i) {
    const std::string at = absl::StrCat("signing.generate[", i, "]");
    const absl::StatusOr<Algorithm> algorithm =
        AlgorithmAtField(at, signing.generate(i));
    if (!algorithm.ok()) return algorithm.status();
    if (generated.Contains(*algorithm)) {
      return absl::InvalidArgumentError(absl::StrCat(at, ": a key for ",
                                                     AlgorithmName(*algorithm),
                                                     " is generated already"));
    }
    generated.Add(*algorithm);
    absl::StatusOr<SigningKey> key =
        LoadOrGenerate(GeneratedKeyPath(issuer.issuer(), *algorithm, place),
                       *algorithm, place);
    if (!key.ok()) return AtField(at, key.status());
    if (key->algorithm() != *algorithm) {
      return absl::InvalidArgumentError(
          absl::StrCat(at, ": the key in the data folder is for ",
                       AlgorithmName(key->algorithm())));
    }
    keys->push_back(*std::move(key));
  }
  return keys;
}

}  // namespace signet
