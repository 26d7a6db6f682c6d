#include "service/remote_options.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "fetch/address_rules.h"
#include "fetch/fetch_options.h"
#include "fetch/fetch_url.h"
#include "keys/file_contents.h"
#include "remote/provider_metadata.h"
#include "service/config_duration.h"
#include "service/config_field.h"
#include "store/records.h"

namespace signet {
namespace {

constexpr absl::Duration kMaxTimeout = absl::Minutes(1);

AddressFamilies FamiliesFromMessage(config::v1::AddressFamily family) {
  switch (family) {
    case config::v1::ADDRESS_FAMILY_IPV4:
      return AddressFamilies::kIpv4Only;
    case config::v1::ADDRESS_FAMILY_IPV6:
      return AddressFamilies::kIpv6Only;
    default:
      return AddressFamilies::kAny;
  }
}

absl::Status ReadFetchLimits(const config::v1::Remote& config,
                             FetchLimits& limits) {
  absl::Status read = ReadDuration("timeout", config.has_timeout(),
                                   config.timeout(), limits.timeout);
  if (!read.ok()) return read;
  if (limits.timeout > kMaxTimeout) {
    return absl::InvalidArgumentError("timeout: must be positive, at most 1m");
  }
  limits.connect_timeout = std::min(limits.connect_timeout, limits.timeout);
  if (config.max_body_bytes() > limits.max_body_bytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("max_body_bytes: at most ", limits.max_body_bytes));
  }
  if (config.max_body_bytes() > 0) {
    limits.max_body_bytes = config.max_body_bytes();
  }
  return absl::OkStatus();
}

absl::StatusOr<std::shared_ptr<const FetchOptions>> ReadFetchOptions(
    const config::v1::Remote& config, const std::string& folder) {
  auto options = std::make_shared<FetchOptions>();
  if (!config.ca_file().empty()) {
    options->ca_file = ResolvePath(folder, config.ca_file());
    const absl::StatusOr<FileContents> contents =
        FileContents::Read(options->ca_file, Privacy::kPublic);
    if (!contents.ok()) return AtField("ca_file", contents.status());
  }
  options->addresses.families = FamiliesFromMessage(config.address_family());
  if (config.deny_private_addresses()) {
    options->addresses.private_addresses = PrivateAddresses::kDenied;
  }
  const absl::Status limits = ReadFetchLimits(config, options->limits);
  if (!limits.ok()) return limits;
  return options;
}

absl::Status ReadRefreshLimits(const config::v1::Remote& config,
                               RefreshLimits& limits) {
  absl::Status read =
      ReadDuration("min_refresh_interval", config.has_min_refresh_interval(),
                   config.min_refresh_interval(), limits.min_interval);
  // Each alone is a clear enough wish.
  limits.max_interval = std::max(limits.max_interval, limits.min_interval);
  read.Update(ReadDuration("max_refresh_interval",
                           config.has_max_refresh_interval(),
                           config.max_refresh_interval(), limits.max_interval));
  if (!config.has_min_refresh_interval()) {
    limits.min_interval = std::min(limits.min_interval, limits.max_interval);
  }
  limits.max_staleness = std::max(limits.max_staleness, limits.max_interval);
  read.Update(ReadDuration("max_staleness", config.has_max_staleness(),
                           config.max_staleness(), limits.max_staleness));
  read.Update(
      ReadDuration("unknown_key_cooldown", config.has_unknown_key_cooldown(),
                   config.unknown_key_cooldown(), limits.unknown_key_cooldown));
  if (!read.ok()) return read;
  return CheckRefreshLimits(limits);
}

absl::Status ReadSource(const config::v1::Remote& config,
                        RemoteOptions& options) {
  const bool discovers =
      config.source_case() == config::v1::Remote::kDiscoveryUrl;
  if (!discovers && config.source_case() != config::v1::Remote::kJwksUrl) {
    return absl::InvalidArgumentError(
        "discovery_url: one of discovery_url and jwks_url is required");
  }
  const absl::string_view field = discovers ? "discovery_url" : "jwks_url";
  absl::StatusOr<FetchUrl> url =
      FetchUrl::Parse(discovers ? config.discovery_url() : config.jwks_url(),
                      options.plain_http);
  if (!url.ok()) return AtField(field, url.status());
  if (!discovers) {
    options.jwks_url = *std::move(url);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<FetchUrl>> places =
      MetadataUrls(*url, options.plain_http);
  if (!places.ok()) return AtField(field, places.status());
  options.metadata_urls = *std::move(places);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RemoteOptions> ReadRemoteOptions(
    const config::v1::Issuer& issuer, const KeyPlace& place) {
  const config::v1::Remote& config = issuer.remote();
  if (issuer.issuer().size() > kMaxNameBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("issuer: has more than ", kMaxNameBytes, " bytes"));
  }
  RemoteOptions options;
  options.issuer = issuer.issuer();
  options.jwk.limits = place.limits;
  if (config.allow_plain_http_beyond_loopback()) {
    options.plain_http = PlainHttp::kAllowed;
  }
  if (!config.algorithm().empty()) {
    const absl::StatusOr<Algorithm> algorithm =
        AlgorithmAtField("algorithm", config.algorithm());
    if (!algorithm.ok()) return algorithm.status();
    options.jwk.default_algorithm = *algorithm;
  }
  const absl::Status source = ReadSource(config, options);
  if (!source.ok()) return source;
  const absl::Status refresh = ReadRefreshLimits(config, options.refresh);
  if (!refresh.ok()) return refresh;
  absl::StatusOr<std::shared_ptr<const FetchOptions>> fetch =
      ReadFetchOptions(config, place.folder);
  if (!fetch.ok()) return fetch.status();
  options.fetch = *std::move(fetch);
  return options;
}

}  // namespace signet
