#include "service/revocation_request.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "jose/compact_jws.h"
#include "jose/unverified_jwt.h"
#include "keys/digest.h"
#include "keys/key_schedule.h"
#include "service/message_conversion.h"
#include "signer/jwt_signer.h"
#include "verifier/validation_policy.h"

namespace signet {
namespace {

// Clocks of callers may be ahead of ours.
constexpr absl::Duration kMaxAhead = absl::Hours(1);

absl::Status CheckPresent(absl::string_view field, absl::string_view value) {
  if (!value.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(field, ": is required"));
}

absl::StatusOr<RevocationRecord> ReadToken(const std::string& compact) {
  const RejectionOr<UnverifiedJwt> jwt = UnverifiedJwt::Parse(compact);
  if (!jwt.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("token: ", jwt.rejection().detail));
  }
  const RegisteredClaims& claims = jwt->claims().registered();
  RevocationRecord record{.target = RevocationTarget::kTokenId,
                          .expires = absl::InfinitePast()};
  record.issuer = std::string(claims.issuer.value_or(""));
  if (claims.jwt_id && !claims.jwt_id->empty()) {
    record.value = std::string(*claims.jwt_id);
  } else {
    record.target = RevocationTarget::kContent;
    const Digest digest(EVP_sha256(), SigningInputOf(compact));
    record.value = absl::BytesToHexString(AsText(digest.bytes()));
  }
  if (claims.expiration) {
    record.expires = *claims.expiration + kMaxClockSkew;
  }
  return record;
}

// What is revoked. `expires` is InfinitePast where it is not known.
absl::StatusOr<RevocationRecord> ReadTarget(const v1::RevokeRequest& request) {
  RevocationRecord record{.target = RevocationTarget::kTokenId,
                          .expires = absl::InfinitePast()};
  absl::Status complete;
  switch (request.target_case()) {
    case v1::RevokeRequest::kToken:
      return ReadToken(request.token());
    case v1::RevokeRequest::kTokenId:
      record.issuer = request.token_id().issuer();
      record.value = request.token_id().jwt_id();
      complete = CheckPresent("token_id.jwt_id", record.value);
      break;
    case v1::RevokeRequest::kSubject:
      record.target = RevocationTarget::kSubject;
      record.issuer = request.subject().issuer();
      record.value = request.subject().subject();
      complete = CheckPresent("subject.subject", record.value);
      break;
    case v1::RevokeRequest::kKey:
      record.target = RevocationTarget::kKey;
      record.issuer = request.key().issuer();
      record.value = request.key().key_id();
      record.expires = absl::InfiniteFuture();
      complete = CheckPresent("key.key_id", record.value);
      break;
    case v1::RevokeRequest::kIssuer:
      record.target = RevocationTarget::kIssuer;
      record.issuer = request.issuer().issuer();
      break;
    case v1::RevokeRequest::TARGET_NOT_SET:
      return absl::InvalidArgumentError(
          "target: is required: token, token_id, subject, key or issuer");
  }
  if (!complete.ok()) return complete;
  return record;
}

absl::Status ReadIssuedBefore(const v1::RevokeRequest& request, absl::Time now,
                              RevocationRecord& record) {
  const bool dated = record.target == RevocationTarget::kSubject ||
                     record.target == RevocationTarget::kIssuer;
  if (dated) record.issued_before = now;
  if (!request.has_issued_before()) return absl::OkStatus();
  if (!dated) {
    return absl::InvalidArgumentError(
        "issued_before: only for a subject or an issuer");
  }
  const absl::StatusOr<absl::Time> time =
      TimeFromMessage(request.issued_before(), "issued_before");
  if (!time.ok()) return time.status();
  if (*time > now + kMaxAhead) {
    return absl::InvalidArgumentError("issued_before: lies in the future");
  }
  record.issued_before = *time;
  return absl::OkStatus();
}

absl::Status ReadExpires(const v1::RevokeRequest& request,
                         const IssuerPlan& plan, absl::Time now,
                         RevocationRecord& record) {
  if (request.has_expires()) {
    const absl::StatusOr<absl::Time> time =
        TimeFromMessage(request.expires(), "expires");
    if (!time.ok()) return time.status();
    if (*time <= now) return absl::InvalidArgumentError("expires: has passed");
    record.expires = *time;
    return absl::OkStatus();
  }
  if (record.expires != absl::InfinitePast()) return absl::OkStatus();
  if (!plan.Signs() || !plan.verification_keys.empty()) {
    return absl::InvalidArgumentError(
        "expires: is required, because Signet does not know how long these "
        "tokens live");
  }
  record.expires = now + kMaxTokenLifetime + kRetentionMargin;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RevocationRecord> ReadRevocation(
    const v1::RevokeRequest& request, const LiveIssuers& issuers,
    absl::Time now) {
  absl::StatusOr<RevocationRecord> record = ReadTarget(request);
  if (!record.ok()) return record;
  const IssuerPlan* const plan = issuers.FindPlan(record->issuer);
  if (plan == nullptr) {
    return absl::NotFoundError("issuer: this server does not know it");
  }
  if (record->value.size() > kMaxNameBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("target: its name has more than ", kMaxNameBytes,
                     " bytes; revoke its subject or its key instead"));
  }
  absl::Status read = ReadIssuedBefore(request, now, *record);
  read.Update(ReadExpires(request, *plan, now, *record));
  if (!read.ok()) return read;
  return record;
}

}  // namespace signet
