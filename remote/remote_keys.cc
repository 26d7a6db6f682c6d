#include "remote/remote_keys.h"

#include <algorithm>
#include <utility>

#include "remote/provider_metadata.h"

namespace signet {
namespace {

// How long metadata is good for: where an issuer's keys are changes rarely.
constexpr absl::Duration kMetadataLifetime = absl::Hours(24);
// When to look again, if it cannot be read but was.
constexpr absl::Duration kMetadataPause = absl::Minutes(5);

// How many cooldowns long a key is remembered not to be there.
constexpr int kAbsenceInCooldowns = 10;

// Nothing can be unchanged that one has never had.
absl::Status NothingSent() {
  return absl::InvalidArgumentError("the server sent nothing");
}

}  // namespace

RemoteKeys::RemoteKeys(RemoteOptions options)
    : options_(std::move(options)),
      schedule_(options_.refresh),
      absent_(kAbsenceInCooldowns * options_.refresh.unknown_key_cooldown),
      jwks_url_(options_.jwks_url) {}

std::optional<FetchRequest> RemoteKeys::NextRequest(absl::Duration now) {
  if (IsFetching() || now < schedule_.due()) return std::nullopt;
  if (!options_.jwks_url && now >= metadata_due_) {
    asked_ = Asked::kMetadata;
    return FetchRequest{
        options_.metadata_urls[metadata_place_], options_.fetch, {}, {}};
  }
  asked_ = Asked::kKeys;
  FetchRequest request{*jwks_url_, options_.fetch, {}, {}};
  if (record_ && record_->url == jwks_url_->text()) {
    request.etag = record_->etag;
    request.last_modified = record_->last_modified;
  }
  return request;
}

absl::StatusOr<std::optional<KeySet>> RemoteKeys::Take(
    absl::StatusOr<FetchAnswer> answer, absl::Duration now, absl::Time wall_now,
    double spread) {
  if (std::exchange(asked_, Asked::kNothing) == Asked::kMetadata) {
    absl::Status taken = TakeMetadata(answer, now, spread);
    if (!taken.ok()) return taken;
    return std::nullopt;
  }
  absl::StatusOr<std::optional<KeySet>> keys = TakeKeys(answer, wall_now);
  if (!keys.ok()) {
    // What the metadata said may be the reason.
    metadata_due_ = now;
    schedule_.Failed(now, spread);
    return keys;
  }
  schedule_.Succeeded(now, answer->fresh_for, spread);
  if (sought_key_) absent_.Add(*std::exchange(sought_key_, {}), now);
  return keys;
}

absl::Status RemoteKeys::ReadMetadata(const absl::StatusOr<FetchAnswer>& answer,
                                      absl::Duration now) {
  if (!answer.ok()) return answer.status();
  const FetchUrl& place = options_.metadata_urls[metadata_place_];
  if (!answer->document) return AtUrl(place, NothingSent());
  absl::StatusOr<FetchUrl> url =
      ParseJwksUrl(answer->document->body, options_.issuer, place.scheme(),
                   options_.plain_http);
  if (!url.ok()) return AtUrl(place, url.status());
  jwks_url_ = *std::move(url);
  metadata_due_ = now + kMetadataLifetime;
  return absl::OkStatus();
}

absl::Status RemoteKeys::TakeMetadata(const absl::StatusOr<FetchAnswer>& answer,
                                      absl::Duration now, double spread) {
  absl::Status read = ReadMetadata(answer, now);
  if (read.ok()) return read;
  metadata_place_ = (metadata_place_ + 1) % options_.metadata_urls.size();
  if (metadata_place_ != 0) return read;  // The next place is tried at once.
  if (jwks_url_) {
    metadata_due_ = now + kMetadataPause;  // What it said last may still hold.
  } else {
    schedule_.Failed(now, spread);
  }
  return read;
}

absl::StatusOr<std::optional<KeySet>> RemoteKeys::TakeKeys(
    absl::StatusOr<FetchAnswer>& answer, absl::Time wall_now) {
  if (!answer.ok()) return answer.status();
  if (!answer->document) {
    if (!record_) return AtUrl(*jwks_url_, NothingSent());
    JwkSetRecord same = *record_;
    same.fetched = wall_now;
    return Use(std::move(same));
  }
  absl::StatusOr<std::optional<KeySet>> keys =
      Use({.issuer = options_.issuer,
           .url = jwks_url_->text(),
           .body = std::move(answer->document->body),
           .etag = std::move(answer->document->etag),
           .last_modified = std::move(answer->document->last_modified),
           .fetched = wall_now});
  if (!keys.ok()) return AtUrl(*jwks_url_, keys.status());
  return keys;
}

absl::StatusOr<std::optional<KeySet>> RemoteKeys::Use(JwkSetRecord record) {
  if (in_use_ && record_->body == record.body) {
    record_ = std::move(record);
    return std::nullopt;
  }
  absl::StatusOr<UsableKeys> usable =
      ParsePublishedJwkSet(record.body, options_.jwk);
  if (!usable.ok()) return usable.status();
  absl::StatusOr<KeySet> keys = KeySet::Create(std::move(usable->keys));
  if (!keys.ok()) return keys.status();
  unusable_ = usable->unusable;
  record_ = std::move(record);
  in_use_ = true;
  absent_.Clear();
  return *std::move(keys);
}

bool RemoteKeys::MayAdopt(const JwkSetRecord& record) const {
  if (record_ && record.fetched <= record_->fetched) return false;
  if (options_.jwks_url) return record.url == options_.jwks_url->text();
  const absl::StatusOr<FetchUrl> url =
      FetchUrl::Parse(record.url, options_.plain_http);
  return url.ok() &&
         (url->scheme() == UrlScheme::kHttps ||
          options_.metadata_urls.front().scheme() != UrlScheme::kHttps);
}

absl::StatusOr<std::optional<KeySet>> RemoteKeys::Adopt(
    const JwkSetRecord& record, absl::Duration now, absl::Time wall_now,
    double spread) {
  const absl::Duration age =
      std::max(wall_now - record.fetched, absl::ZeroDuration());
  if (!MayAdopt(record) || age > options_.refresh.max_staleness) {
    return std::nullopt;
  }
  absl::StatusOr<std::optional<KeySet>> keys = Use(record);
  if (keys.ok()) schedule_.Succeeded(now - age, std::nullopt, spread);
  return keys;
}

bool RemoteKeys::Expire(absl::Duration now) {
  if (!in_use_ || schedule_.HasKeys(now)) return false;
  in_use_ = false;
  return true;
}

Absence RemoteKeys::Inquire(absl::string_view key_id, absl::Duration now) {
  // Also between two requests of one fetch, when none is under way.
  const bool is_fetching = IsFetching() || now >= schedule_.due();
  if (!schedule_.HasKeys(now)) {
    return is_fetching ? Absence::kFetching : Absence::kUnknown;
  }
  if (absent_.Contains(key_id, now)) return Absence::kCertain;
  if (is_fetching) return Absence::kFetching;
  if (schedule_.Hasten(now)) {
    sought_key_ = std::string(key_id);
    return Absence::kFetching;
  }
  return schedule_.HasFailed() ? Absence::kUnknown : Absence::kCertain;
}

}  // namespace signet
