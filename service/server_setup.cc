#include "service/server_setup.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/key_material.h"
#include "keys/key_set.h"
#include "service/config_field.h"
#include "service/enum_conversion.h"
#include "service/issuer_keys.h"
#include "service/message_conversion.h"
#include "service/server_limits.h"

namespace signet {
namespace {

// Reads an optional duration into `target`.
template <typename Target>
absl::Status ReadDuration(absl::string_view field, bool given,
                          const google::protobuf::Duration& message,
                          Target& target) {
  if (!given) return absl::OkStatus();
  const absl::StatusOr<absl::Duration> duration =
      DurationFromMessage(message, field);
  if (!duration.ok()) return duration.status();
  target = *duration;
  return absl::OkStatus();
}

absl::StatusOr<ValidationPolicy> BuildPolicy(const config::v1::Policy& config) {
  const std::optional<TokenKind> kind = TokenKindFromMessage(config.kind());
  if (!kind) {
    return absl::InvalidArgumentError(
        "kind: is required: ACCESS_TOKEN, ID_TOKEN or JWT");
  }
  ValidationPolicyOptions options;
  options.name = config.name();
  options.kind = *kind;
  options.issuers = StringsFromMessage(config.issuers());
  options.audiences = StringsFromMessage(config.audiences());
  options.any_audience = config.any_audience();
  for (const std::string& name : config.algorithms()) {
    const absl::StatusOr<Algorithm> algorithm =
        AlgorithmAtField("algorithms", name);
    if (!algorithm.ok()) return algorithm.status();
    options.algorithms.Add(*algorithm);
  }
  options.types = StringsFromMessage(config.types());
  options.required_claims = StringsFromMessage(config.required_claims());
  options.required_scopes = StringsFromMessage(config.required_scopes());
  options.allow_missing_expiration = config.allow_missing_expiration();
  options.allow_ambiguous_kind = config.allow_ambiguous_kind();
  // Unlike a limit, a skew may be zero.
  const bool has_skew =
      config.clock_skew().seconds() != 0 || config.clock_skew().nanos() != 0;
  absl::Status times = ReadDuration("clock_skew", has_skew, config.clock_skew(),
                                    options.clock_skew);
  times.Update(ReadDuration("max_token_age", config.has_max_token_age(),
                            config.max_token_age(), options.max_token_age));
  times.Update(ReadDuration(
      "max_authentication_age", config.has_max_authentication_age(),
      config.max_authentication_age(), options.max_authentication_age));
  if (!times.ok()) return times;
  return ValidationPolicy::Create(std::move(options));
}

absl::StatusOr<JwtSigner> BuildSigner(const config::v1::Issuer& config,
                                      std::vector<SigningKey> keys) {
  SigningOptions options;
  options.issuer = config.issuer();
  options.keys = std::move(keys);
  const config::v1::Signing& signing = config.signing();
  absl::Status times =
      ReadDuration("max_lifetime", signing.has_max_lifetime(),
                   signing.max_lifetime(), options.max_lifetime);
  // A shorter maximum alone is a clear enough wish.
  options.default_lifetime =
      std::min(options.default_lifetime, options.max_lifetime);
  times.Update(ReadDuration("default_lifetime", signing.has_default_lifetime(),
                            signing.default_lifetime(),
                            options.default_lifetime));
  if (!times.ok()) return InField("signing", times);
  absl::StatusOr<JwtSigner> signer = JwtSigner::Create(std::move(options));
  if (!signer.ok()) return InField("signing", signer.status());
  return signer;
}

// What is switched off is null.
std::shared_ptr<TokenCache> TokensRemembered(size_t bytes) {
  return bytes == 0 ? nullptr : std::make_shared<TokenCache>(bytes);
}
std::shared_ptr<KeyPreparer> KeysPrepared(size_t bytes) {
  return bytes == 0 ? nullptr : std::make_shared<KeyPreparer>(bytes);
}

// Collects what the configuration describes.
class SetupBuilder {
 public:
  SetupBuilder(const ServerLimits& limits, KeyPlace place)
      : limits_(limits),
        place_(std::move(place)),
        key_preparer_(KeysPrepared(limits.key_table_bytes)),
        issuers_(std::make_shared<KeyCache>(
            key_preparer_ ? key_preparer_->demand() : nullptr)) {}

  absl::Status AddIssuer(const config::v1::Issuer& config) {
    if (config.issuer().empty()) {
      return absl::InvalidArgumentError("issuer: is required");
    }
    if (IsConfigured(config.issuer())) {
      return absl::InvalidArgumentError("issuer: is configured twice");
    }
    absl::StatusOr<std::vector<VerificationKey>> keys =
        LoadIssuerVerificationKeys(config, place_);
    if (!keys.ok()) return keys.status();
    if (config.has_signing()) {
      absl::Status added = AddSigner(config, *keys);
      if (!added.ok()) return added;
    }
    if (keys->empty()) {
      return absl::InvalidArgumentError("keys: the issuer has none");
    }
    absl::StatusOr<KeySet> key_set = KeySet::Create(*std::move(keys));
    if (!key_set.ok()) return AtField("keys", key_set.status());
    issuers_->ReplaceIssuer(config.issuer(), *std::move(key_set));
    return absl::OkStatus();
  }

  absl::Status AddPolicy(const config::v1::Policy& config) {
    absl::StatusOr<ValidationPolicy> policy = BuildPolicy(config);
    if (!policy.ok()) return policy.status();
    for (const std::string& issuer : policy->options().issuers) {
      if (!IsConfigured(issuer)) {
        return absl::InvalidArgumentError(
            absl::StrCat("issuers: ", issuer, " is not configured"));
      }
    }
    const auto [unused, inserted] =
        policies_.emplace(config.name(), *std::move(policy));
    if (inserted) return absl::OkStatus();
    return absl::InvalidArgumentError("name: is used by another policy");
  }

  ServerSetup Build() && {
    auto tokens = TokensRemembered(limits_.token_cache_bytes);
    JwtVerifier verifier(std::move(issuers_), tokens);
    return ServerSetup{.verifier = std::move(verifier),
                       .policies = std::move(policies_),
                       .signers = std::move(signers_),
                       .tokens = std::move(tokens),
                       .key_preparer = std::move(key_preparer_),
                       .max_batch_size = limits_.max_batch_size,
                       .max_message_bytes = limits_.max_message_bytes};
  }

 private:
  bool IsConfigured(absl::string_view issuer) const {
    const KeyCache::Reader reader(*issuers_);
    return reader.FindIssuer(issuer).has_value();
  }

  // Adds the public halves of the signing keys to `keys`.
  absl::Status AddSigner(const config::v1::Issuer& config,
                         std::vector<VerificationKey>& keys) {
    absl::StatusOr<std::vector<SigningKey>> signing_keys =
        LoadIssuerSigningKeys(config, place_);
    if (!signing_keys.ok()) return signing_keys.status();
    for (const SigningKey& key : *signing_keys) {
      keys.push_back(key.verification_key().Copy());
    }
    absl::StatusOr<JwtSigner> signer =
        BuildSigner(config, *std::move(signing_keys));
    if (!signer.ok()) return signer.status();
    signers_.emplace(config.issuer(), *std::move(signer));
    return absl::OkStatus();
  }

  ServerLimits limits_;
  KeyPlace place_;
  std::shared_ptr<KeyPreparer> key_preparer_;
  std::shared_ptr<KeyCache> issuers_;
  absl::flat_hash_map<std::string, ValidationPolicy> policies_;
  absl::flat_hash_map<std::string, JwtSigner> signers_;
};

}  // namespace

absl::StatusOr<ServerSetup> BuildServerSetup(
    const config::v1::ServerConfig& config, const std::string& folder,
    MissingKeys missing_keys) {
  if (config.issuers().empty()) {
    return absl::InvalidArgumentError("issuers: configure at least one");
  }
  const absl::StatusOr<ServerLimits> limits = ReadLimits(config.limits());
  if (!limits.ok()) return limits.status();

  const std::string data_folder =
      config.data_folder().empty() ? "data" : config.data_folder();
  SetupBuilder builder(*limits,
                       KeyPlace{folder, ResolvePath(folder, data_folder),
                                KeyLimits{limits->max_rsa_bits},
                                missing_keys == MissingKeys::kGenerateAndSave});
  for (int i = 0; i < config.issuers_size(); ++i) {
    const absl::Status added = builder.AddIssuer(config.issuers(i));
    if (!added.ok()) return InField(absl::StrCat("issuers[", i, "]"), added);
  }
  for (int i = 0; i < config.policies_size(); ++i) {
    const absl::Status added = builder.AddPolicy(config.policies(i));
    if (!added.ok()) return InField(absl::StrCat("policies[", i, "]"), added);
  }
  return std::move(builder).Build();
}

}  // namespace signet
