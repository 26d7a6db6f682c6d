#include "service/issuer_keys.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "jose/algorithm.h"
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

}  // namespace

absl::StatusOr<std::vector<VerificationKey>> LoadIssuerVerificationKeys(
    const config::v1::Issuer& issuer, const KeyPlace& place) {
  return LoadAll(issuer.keys(), place, "keys", LoadVerificationKeys);
}

absl::StatusOr<std::vector<SigningKey>> LoadIssuerSigningKeys(
    const config::v1::Issuer& issuer, const KeyPlace& place) {
  return LoadAll(issuer.signing().keys(), place, "signing.keys",
                 LoadSigningKeys);
}

}  // namespace signet
