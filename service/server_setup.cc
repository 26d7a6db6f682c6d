#include "service/server_setup.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "jose/algorithm.h"
#include "keys/key_cache.h"
#include "keys/key_material.h"
#include "service/access/authorization.h"
#include "service/access/bearer_tokens.h"
#include "service/config_duration.h"
#include "service/config_field.h"
#include "service/elapsed.h"
#include "service/enum_conversion.h"
#include "service/issuer_keys.h"
#include "service/issuer_plan.h"
#include "service/message_conversion.h"
#include "service/server_limits.h"

namespace signet {
namespace {

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

// What is switched off is null.
std::shared_ptr<TokenCache> TokensRemembered(size_t bytes) {
  return bytes == 0 ? nullptr : std::make_shared<TokenCache>(bytes);
}
std::shared_ptr<KeyPreparer> KeysPrepared(size_t bytes) {
  return bytes == 0 ? nullptr : std::make_shared<KeyPreparer>(bytes);
}

absl::StatusOr<std::vector<IssuerPlan>> ReadIssuers(
    const config::v1::ServerConfig& config, const KeyPlace& place) {
  if (config.issuers().empty()) {
    return absl::InvalidArgumentError("issuers: configure at least one");
  }
  std::vector<IssuerPlan> plans;
  for (int i = 0; i < config.issuers_size(); ++i) {
    absl::StatusOr<IssuerPlan> plan = ReadIssuerPlan(config.issuers(i), place);
    if (!plan.ok()) {
      return InField(absl::StrCat("issuers[", i, "]"), plan.status());
    }
    plans.push_back(*std::move(plan));
  }
  return plans;
}

std::vector<RemoteOptions> RemoteOptionsOf(
    const std::vector<IssuerPlan>& plans) {
  std::vector<RemoteOptions> remote;
  for (const IssuerPlan& plan : plans) {
    if (plan.remote) remote.push_back(*plan.remote);
  }
  return remote;
}

std::vector<std::string> NamesOf(const LiveIssuers& issuers) {
  std::vector<std::string> names;
  for (const IssuerPlan* const plan : issuers.Plans()) {
    names.push_back(plan->issuer);
  }
  return names;
}

using Policies = absl::flat_hash_map<std::string, ValidationPolicy>;

absl::Status AddPolicy(const config::v1::Policy& config,
                       const LiveIssuers& issuers, Policies& policies) {
  absl::StatusOr<ValidationPolicy> policy = BuildPolicy(config);
  if (!policy.ok()) return policy.status();
  for (const std::string& issuer : policy->options().issuers) {
    if (issuers.FindPlan(issuer) == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("issuers: ", issuer, " is not configured"));
    }
  }
  const auto [unused, inserted] =
      policies.emplace(config.name(), *std::move(policy));
  if (inserted) return absl::OkStatus();
  return absl::InvalidArgumentError("name: is used by another policy");
}

absl::StatusOr<Policies> ReadPolicies(const config::v1::ServerConfig& config,
                                      const LiveIssuers& issuers) {
  Policies policies;
  for (int i = 0; i < config.policies_size(); ++i) {
    const absl::Status added = AddPolicy(config.policies(i), issuers, policies);
    if (!added.ok()) return InField(absl::StrCat("policies[", i, "]"), added);
  }
  return policies;
}

// The policy that bearer tokens of callers must fulfil.
absl::StatusOr<ValidationPolicy> FindBearerPolicy(const std::string& name,
                                                  const Policies& policies) {
  const auto policy = policies.find(name);
  if (policy == policies.end()) {
    return absl::InvalidArgumentError("is not configured");
  }
  const absl::Status fits = CheckBearerPolicy(policy->second);
  if (!fits.ok()) return fits;
  return policy->second;
}

// Decides by the configuration who may call what. Callers' tokens are verified
// as `setup` has it.
absl::StatusOr<std::shared_ptr<const AccessControl>> ControlAccess(
    const config::v1::ServerConfig& config, const ServerSetup& setup) {
  if (!config.has_authorization()) return std::make_shared<AccessControl>();
  const auto signs_as = [&](const std::string& issuer) {
    const IssuerPlan* const plan = setup.issuers->FindPlan(issuer);
    return plan != nullptr && plan->Signs();
  };
  const auto has_policy = [&](const std::string& policy) {
    return setup.policies.contains(policy);
  };
  absl::StatusOr<Authorization> authorization =
      Authorization::Create(config.authorization(), {signs_as, has_policy});
  if (!authorization.ok()) {
    return InField("authorization", authorization.status());
  }
  std::optional<BearerTokens> bearer_tokens;
  if (!config.authorization().bearer_policy().empty()) {
    absl::StatusOr<ValidationPolicy> policy = FindBearerPolicy(
        config.authorization().bearer_policy(), setup.policies);
    if (!policy.ok()) {
      return AtField("authorization.bearer_policy", policy.status());
    }
    bearer_tokens.emplace(setup.verifier, *std::move(policy), setup.remote,
                          setup.freshness);
  }
  return std::make_shared<AccessControl>(*std::move(authorization),
                                         std::move(bearer_tokens));
}

// What a setup shares with the one before, or begins with.
struct Remains {
  std::shared_ptr<KeyPreparer> key_preparer;
  std::shared_ptr<TokenCache> tokens;
  std::shared_ptr<Revocations> revocations;
  std::shared_ptr<Freshness> freshness;
  std::shared_ptr<IssuedTokens> issued;
  std::shared_ptr<TokenCounts> counts;
  const LiveIssuers* issuers;  // Null at the beginning.
};

Remains NoRemains(const ServerLimits& limits, const StateOptions& state) {
  return {KeysPrepared(limits.key_table_bytes),
          TokensRemembered(limits.token_cache_bytes),
          std::make_shared<Revocations>(),
          std::make_shared<Freshness>(state.max_staleness, state.when_stale,
                                      SteadyElapsed),
          std::make_shared<IssuedTokens>(),
          std::make_shared<TokenCounts>(),
          nullptr};
}

Remains RemainsOf(const ServerSetup& before, const ServerLimits& limits) {
  return {before.key_preparer,
          limits.token_cache_bytes == before.token_cache_bytes
              ? before.tokens
              : TokensRemembered(limits.token_cache_bytes),
          before.revocations,
          before.freshness,
          before.issued,
          before.counts,
          before.issuers.get()};
}

// Builds the setup that comes after `before`, or the first, if that is null.
absl::StatusOr<ServerSetup> Build(const config::v1::ServerConfig& config,
                                  const std::string& folder,
                                  const ServerSetup* before) {
  const absl::StatusOr<ServerLimits> limits = ReadLimits(config.limits());
  if (!limits.ok()) return limits.status();
  const KeyLimits key_limits{limits->max_rsa_bits};
  absl::StatusOr<std::vector<IssuerPlan>> plans =
      ReadIssuers(config, {folder, key_limits});
  if (!plans.ok()) return plans.status();
  absl::StatusOr<StateOptions> state = ReadStateOptions(config, folder);
  if (!state.ok()) return state.status();
  absl::StatusOr<SignRateOptions> sign_rates =
      ReadSignRates(config.sign_rates());
  if (!sign_rates.ok()) return sign_rates.status();

  Remains remains = before == nullptr ? NoRemains(*limits, *state)
                                      : RemainsOf(*before, *limits);
  auto keys = std::make_shared<KeyCache>(
      remains.key_preparer ? remains.key_preparer->demand() : nullptr);
  std::vector<RemoteOptions> remote = RemoteOptionsOf(*plans);
  absl::StatusOr<std::unique_ptr<LiveIssuers>> issuers =
      LiveIssuers::Create(*std::move(plans), keys, key_limits, remains.issuers);
  if (!issuers.ok()) return issuers.status();
  absl::StatusOr<Policies> policies = ReadPolicies(config, **issuers);
  if (!policies.ok()) return policies.status();
  remains.counts->KnowIssuers(NamesOf(**issuers));
  auto remote_issuers = std::make_shared<RemoteIssuers>(
      std::move(remote), keys, [] { return absl::Now(); }, SteadyElapsed);
  ServerSetup setup{
      .verifier =
          JwtVerifier(std::move(keys), remains.tokens, remains.revocations),
      .policies = *std::move(policies),
      .issuers = *std::move(issuers),
      .remote = std::move(remote_issuers),
      .revocations = std::move(remains.revocations),
      .freshness = std::move(remains.freshness),
      .issued = std::move(remains.issued),
      .counts = std::move(remains.counts),
      .state = *std::move(state),
      .access = nullptr,
      .sign_rates = std::make_shared<SignRates>(*std::move(sign_rates)),
      .tokens = std::move(remains.tokens),
      .key_preparer = std::move(remains.key_preparer),
      .max_batch_size = limits->max_batch_size,
      .max_calls = limits->max_calls,
      .max_message_bytes = limits->max_message_bytes,
      .connections = limits->connections,
      .token_cache_bytes = limits->token_cache_bytes};
  absl::StatusOr<std::shared_ptr<const AccessControl>> access =
      ControlAccess(config, setup);
  if (!access.ok()) return access.status();
  setup.access = *std::move(access);
  return setup;
}

}  // namespace

absl::StatusOr<ServerSetup> BuildServerSetup(
    const config::v1::ServerConfig& config, const std::string& folder) {
  return Build(config, folder, nullptr);
}

absl::StatusOr<ServerSetup> BuildSuccessor(
    const config::v1::ServerConfig& config, const std::string& folder,
    const ServerSetup& before) {
  return Build(config, folder, &before);
}

}  // namespace signet
