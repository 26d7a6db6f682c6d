#include "service/http/http_options.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "jose/algorithm.h"
#include "service/config_duration.h"
#include "service/config_field.h"
#include "service/http/issuer_documents.h"

namespace signet {
namespace {

// What a number may be.
struct Bounds {
  uint32_t least;
  uint32_t most;
};

constexpr Bounds kBodyBytes = {1 << 10, 1 << 20};
constexpr Bounds kHeaderBytes = {4 << 10, 64 << 10};
constexpr Bounds kConnections = {1, 1024};
constexpr absl::Duration kShortest = absl::Milliseconds(100);
constexpr absl::Duration kLongest = absl::Minutes(1);

absl::Status ReadNumber(absl::string_view field, uint32_t given,
                        const Bounds& bounds, uint32_t& target) {
  if (given == 0) return absl::OkStatus();
  if (given < bounds.least || given > bounds.most) {
    return absl::InvalidArgumentError(absl::StrCat(
        field, ": must be from ", bounds.least, " to ", bounds.most));
  }
  target = given;
  return absl::OkStatus();
}

absl::Status CheckTimeout(absl::string_view field, absl::Duration timeout) {
  if (timeout >= kShortest && timeout <= kLongest) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, ": must be from 100ms to 1m"));
}

absl::StatusOr<HttpLimits> ReadLimits(const config::v1::HttpLimits& config) {
  HttpLimits limits;
  absl::Status read = ReadNumber("max_body_bytes", config.max_body_bytes(),
                                 kBodyBytes, limits.max_body_bytes);
  read.Update(ReadNumber("max_header_bytes", config.max_header_bytes(),
                         kHeaderBytes, limits.max_header_bytes));
  read.Update(ReadNumber("max_connections", config.max_connections(),
                         kConnections, limits.max_connections));
  read.Update(ReadDuration("request_timeout", config.has_request_timeout(),
                           config.request_timeout(), limits.request_timeout));
  read.Update(
      ReadDuration("keep_alive_timeout", config.has_keep_alive_timeout(),
                   config.keep_alive_timeout(), limits.keep_alive_timeout));
  read.Update(CheckTimeout("request_timeout", limits.request_timeout));
  read.Update(CheckTimeout("keep_alive_timeout", limits.keep_alive_timeout));
  if (!read.ok()) return read;
  return limits;
}

absl::StatusOr<ListenAddress> ReadAddress(const config::v1::Http& config) {
  if (config.address().empty()) {
    return absl::InvalidArgumentError("address: is required");
  }
  absl::StatusOr<ListenAddress> address =
      ListenAddress::Parse(config.address());
  if (!address.ok()) return AtField("address", address.status());
  if (address->is_unix_socket()) {
    return absl::InvalidArgumentError("address: HTTP is served over TCP only");
  }
  if (!address->is_loopback() && !config.has_tls() &&
      !config.allow_plaintext_beyond_loopback()) {
    return absl::InvalidArgumentError(
        "tls: is required beyond loopback; everyone on the network could read "
        "tokens and credentials (or set allow_plaintext_beyond_loopback)");
  }
  return address;
}

absl::StatusOr<AnswerSigner> FindSigner(const std::string& issuer,
                                        const LiveIssuers& issuers) {
  const IssuerPlan* const plan = issuers.FindPlan(issuer);
  if (plan == nullptr || !plan->Signs()) {
    return absl::InvalidArgumentError(
        "introspection_issuer: Signet does not sign as it");
  }
  for (const auto& key : plan->signing.keys) {
    if (IsAsymmetric(key->algorithm())) {
      return AnswerSigner{issuer, key->algorithm()};
    }
  }
  for (const Algorithm algorithm : plan->signing.generated) {
    if (IsAsymmetric(algorithm)) return AnswerSigner{issuer, algorithm};
  }
  return absl::InvalidArgumentError(
      "introspection_issuer: has no key that clients could verify with");
}

absl::Status CheckPolicies(const HttpClients& clients,
                           const ServerSetup& setup) {
  for (size_t i = 0; i < clients.all().size(); ++i) {
    const std::string& policy = clients.all()[i].policy;
    if (policy.empty() || setup.policies.contains(policy)) continue;
    return absl::InvalidArgumentError(
        absl::StrCat("clients[", i, "].policy: is not configured"));
  }
  return absl::OkStatus();
}

absl::StatusOr<HttpOptions> ReadOptions(const config::v1::Http& config,
                                        const ServerSetup& setup,
                                        const std::string& folder) {
  absl::StatusOr<ListenAddress> address = ReadAddress(config);
  if (!address.ok()) return address.status();
  HttpOptions options{.address = *std::move(address)};
  absl::StatusOr<HttpClients> clients =
      HttpClients::Read(config.clients(), folder);
  if (!clients.ok()) {
    return absl::Status(clients.status().code(),
                        absl::StrCat("clients", clients.status().message()));
  }
  options.clients = *std::move(clients);
  if (config.anonymous_metrics()) {
    options.metrics_readers = MetricsReaders::kEveryone;
  }
  const absl::Status policies = CheckPolicies(options.clients, setup);
  if (!policies.ok()) return policies;
  if (!config.introspection_issuer().empty()) {
    absl::StatusOr<AnswerSigner> signer =
        FindSigner(config.introspection_issuer(), *setup.issuers);
    if (!signer.ok()) return signer.status();
    options.signer = *std::move(signer);
  }
  // Nothing is asked of them here.
  const absl::Status places =
      IssuerDocuments::Create(setup.issuers, nullptr, {}).status();
  if (!places.ok()) return places;
  const absl::StatusOr<HttpLimits> limits = ReadLimits(config.limits());
  if (!limits.ok()) return InField("limits", limits.status());
  options.limits = *limits;
  return options;
}

}  // namespace

absl::StatusOr<HttpOptions> ReadHttpOptions(const config::v1::Http& config,
                                            const ServerSetup& setup,
                                            const std::string& folder,
                                            absl::Time now) {
  absl::StatusOr<HttpOptions> options = ReadOptions(config, setup, folder);
  if (!options.ok()) return InField("http", options.status());
  if (config.has_tls()) {
    absl::StatusOr<TlsFiles> tls =
        ReadTlsFiles({"http.tls", config.tls(), folder}, now);
    if (!tls.ok()) return tls.status();
    options->tls.emplace(*std::move(tls));
  }
  return options;
}

}  // namespace signet
