#include "service/issuer_plan.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "service/config_duration.h"
#include "service/config_field.h"
#include "service/remote_options.h"
#include "signer/jwt_signer.h"

namespace signet {
namespace {

absl::StatusOr<std::vector<Algorithm>> ReadGenerated(
    const config::v1::Signing& config) {
  std::vector<Algorithm> algorithms;
  AlgorithmSet seen;
  for (int i = 0; i < config.generate_size(); ++i) {
    const std::string at = absl::StrCat("generate[", i, "]");
    const absl::StatusOr<Algorithm> algorithm =
        AlgorithmAtField(at, config.generate(i));
    if (!algorithm.ok()) return algorithm.status();
    if (seen.Contains(*algorithm)) {
      return absl::InvalidArgumentError(absl::StrCat(at, ": a key for ",
                                                     AlgorithmName(*algorithm),
                                                     " is generated already"));
    }
    seen.Add(*algorithm);
    algorithms.push_back(*algorithm);
  }
  return algorithms;
}

absl::Status ReadLifetimes(const config::v1::Signing& config,
                           SigningPlan& plan) {
  absl::Status times = ReadDuration("max_lifetime", config.has_max_lifetime(),
                                    config.max_lifetime(), plan.max_lifetime);
  // A shorter maximum alone is a clear enough wish.
  plan.default_lifetime = std::min(plan.default_lifetime, plan.max_lifetime);
  times.Update(ReadDuration("default_lifetime", config.has_default_lifetime(),
                            config.default_lifetime(), plan.default_lifetime));
  if (!times.ok()) return times;
  return CheckLifetimes(plan.default_lifetime, plan.max_lifetime);
}

absl::Status ReadRotation(const config::v1::Rotation& config,
                          SigningPlan& plan) {
  KeySchedule& schedule = plan.schedule;
  absl::Status times = ReadDuration("jwks_max_age", config.has_jwks_max_age(),
                                    config.jwks_max_age(), plan.jwks_max_age);
  schedule.publish_ahead = std::max(schedule.publish_ahead, plan.jwks_max_age);
  schedule.retention = plan.max_lifetime;
  times.Update(ReadDuration("period", config.has_period(), config.period(),
                            schedule.period));
  times.Update(ReadDuration("publish_ahead", config.has_publish_ahead(),
                            config.publish_ahead(), schedule.publish_ahead));
  times.Update(ReadDuration("retention", config.has_retention(),
                            config.retention(), schedule.retention));
  if (!times.ok()) return times;
  return CheckKeySchedule(schedule, plan.jwks_max_age, plan.max_lifetime);
}

absl::StatusOr<SigningPlan> ReadSigningPlan(const config::v1::Issuer& config,
                                            const KeyPlace& place) {
  SigningPlan plan;
  absl::StatusOr<std::vector<SigningKey>> keys =
      LoadIssuerSigningKeys(config, place);
  if (!keys.ok()) return keys.status();
  for (SigningKey& key : *keys) {
    plan.keys.push_back(std::make_shared<const SigningKey>(std::move(key)));
  }
  absl::StatusOr<std::vector<Algorithm>> generated =
      ReadGenerated(config.signing());
  if (!generated.ok()) return InField("signing", generated.status());
  plan.generated = *std::move(generated);
  if (plan.keys.empty() && plan.generated.empty()) {
    return absl::InvalidArgumentError(
        "signing: name keys, or algorithms to generate keys for");
  }
  const absl::Status lifetimes = ReadLifetimes(config.signing(), plan);
  if (!lifetimes.ok()) return InField("signing", lifetimes);
  const absl::Status rotation = ReadRotation(config.signing().rotation(), plan);
  if (!rotation.ok()) return InField("signing.rotation", rotation);
  return plan;
}

// Keys from elsewhere and keys of one's own are never those of one issuer.
absl::StatusOr<IssuerPlan> ReadRemotePlan(const config::v1::Issuer& config,
                                          const KeyPlace& place) {
  if (config.has_signing() || config.keys_size() > 0) {
    return absl::InvalidArgumentError(
        "remote: an issuer whose keys are fetched has neither keys nor "
        "signing");
  }
  absl::StatusOr<RemoteOptions> remote = ReadRemoteOptions(config, place);
  if (!remote.ok()) return InField("remote", remote.status());
  return IssuerPlan{config.issuer(), {}, {}, *std::move(remote)};
}

}  // namespace

AlgorithmSet SigningPlan::GeneratedSet() const {
  AlgorithmSet set;
  for (const Algorithm algorithm : generated) set.Add(algorithm);
  return set;
}

absl::StatusOr<IssuerPlan> ReadIssuerPlan(const config::v1::Issuer& config,
                                          const KeyPlace& place) {
  if (config.issuer().empty()) {
    return absl::InvalidArgumentError("issuer: is required");
  }
  if (config.has_remote()) return ReadRemotePlan(config, place);
  absl::StatusOr<std::vector<VerificationKey>> keys =
      LoadIssuerVerificationKeys(config, place);
  if (!keys.ok()) return keys.status();
  IssuerPlan plan{config.issuer(), *std::move(keys), {}, {}};
  if (config.has_signing()) {
    absl::StatusOr<SigningPlan> signing = ReadSigningPlan(config, place);
    if (!signing.ok()) return signing.status();
    plan.signing = *std::move(signing);
  }
  if (plan.verification_keys.empty() && !plan.Signs()) {
    return absl::InvalidArgumentError(
        "keys: the issuer has none; name files, or set remote");
  }
  return plan;
}

}  // namespace signet
