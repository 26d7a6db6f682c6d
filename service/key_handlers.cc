#include "service/key_handlers.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/status/status.h"
#include "service/config_field.h"
#include "service/enum_conversion.h"
#include "service/message_conversion.h"
#include "service/revocation_request.h"

namespace signet {
namespace {

absl::Status UnknownIssuer() {
  return absl::NotFoundError("issuer: this server does not sign as it");
}

v1::SigningKey DescribeGenerated(const KeyRecord& record,
                                 const KeyTimeline& timeline) {
  v1::SigningKey message;
  message.set_key_id(record.key_id);
  message.set_algorithm(std::string(AlgorithmName(record.algorithm)));
  message.set_state(ToMessage(record.state));
  *message.mutable_created() = ToMessage(record.created);
  *message.mutable_time_left() =
      ToMessage(std::max(timeline.TimeLeft(record), absl::ZeroDuration()));
  return message;
}

v1::SigningKey DescribeFileKey(const SigningKey& key) {
  v1::SigningKey message;
  message.set_key_id(key.key_id());
  message.set_algorithm(std::string(AlgorithmName(key.algorithm())));
  message.set_state(v1::KEY_STATE_ACTIVE);
  return message;
}

bool HasFileKey(const IssuerPlan& plan, absl::string_view key_id) {
  return absl::c_any_of(plan.signing.keys, [&](const auto& key) {
    return key->key_id() == key_id;
  });
}

}  // namespace

void KeyHandlers::ListKeys(const v1::ListKeysRequest& request, absl::Time now,
                           const Done<v1::ListKeysResponse>& done) const {
  v1::ListKeysResponse response;
  bool found = request.issuer().empty();
  const std::shared_ptr<const LiveIssuers> issuers = this->issuers();
  for (const IssuerPlan* plan : issuers->Plans()) {
    if (!plan->Signs()) continue;
    if (!request.issuer().empty() && request.issuer() != plan->issuer) continue;
    found = true;
    AddKeys(*issuers, *plan, now, response);
  }
  if (!found) return done(UnknownIssuer());
  done(response);
}

void KeyHandlers::AddKeys(const LiveIssuers& issuers, const IssuerPlan& plan,
                          absl::Time now,
                          v1::ListKeysResponse& response) const {
  const std::shared_ptr<const IssuedTokens> issued = setup_->Share()->issued;
  const auto add = [&](v1::SigningKey key) {
    key.set_issuer(plan.issuer);
    key.set_live_tokens(issued->CountLive(key.key_id(), now));
    *response.add_keys() = std::move(key);
  };
  for (const auto& key : plan.signing.keys) add(DescribeFileKey(*key));
  const IssuerKeyRecords records = issuers.Records(plan.issuer);
  const KeyTimeline timeline(records.keys, plan.signing.schedule,
                             state_->StoreTime());
  for (const KeyRecord& record : records.keys) {
    add(DescribeGenerated(record, timeline));
  }
}

void KeyHandlers::RotateKey(const v1::RotateKeyRequest& request, absl::Time now,
                            const Done<v1::RotateKeyResponse>& done) const {
  const absl::StatusOr<Algorithm> algorithm =
      AlgorithmAtField("algorithm", request.algorithm());
  if (!algorithm.ok()) return done(algorithm.status());
  const auto answer =
      [this, now, done](const absl::StatusOr<std::vector<KeyStep>>& steps) {
        if (!steps.ok()) return done(steps.status());
        done(ToResponse<v1::RotateKeyResponse>(*steps, now));
      };
  if (request.dry_run()) {
    return answer(PlanRotation(request.issuer(), *algorithm));
  }
  state_->writer().RotateKey(request.issuer(), *algorithm, answer);
}

absl::StatusOr<std::vector<KeyStep>> KeyHandlers::PlanRotation(
    const std::string& issuer, Algorithm algorithm) const {
  const std::shared_ptr<const LiveIssuers> issuers = this->issuers();
  const IssuerPlan* const plan = issuers->FindPlan(issuer);
  if (plan == nullptr || !plan->Signs()) return UnknownIssuer();
  const IssuerKeyRecords records = issuers->Records(issuer);
  return KeyTimeline(records.keys, plan->signing.schedule, state_->StoreTime())
      .RotationSteps(algorithm);
}

void KeyHandlers::RevokeKey(const v1::RevokeKeyRequest& request, absl::Time now,
                            const Done<v1::RevokeKeyResponse>& done) const {
  const std::shared_ptr<const LiveIssuers> issuers = this->issuers();
  const IssuerPlan* const plan = issuers->FindPlan(request.issuer());
  if (plan == nullptr || !plan->Signs()) return done(UnknownIssuer());
  if (HasFileKey(*plan, request.key_id())) {
    return state_->writer().Revoke({{.target = RevocationTarget::kKey,
                                     .issuer = request.issuer(),
                                     .value = request.key_id(),
                                     .expires = absl::InfiniteFuture()}},
                                   [done](const absl::Status& status) {
                                     if (!status.ok()) return done(status);
                                     done(v1::RevokeKeyResponse());
                                   });
  }
  state_->writer().RevokeKey(
      request.issuer(), request.key_id(),
      [this, now, done](const absl::StatusOr<std::vector<KeyStep>>& steps) {
        if (!steps.ok()) return done(steps.status());
        done(ToResponse<v1::RevokeKeyResponse>(*steps, now));
      });
}

void KeyHandlers::Revoke(const v1::RevokeRequest& request, absl::Time now,
                         const Done<v1::RevokeResponse>& done) const {
  const absl::StatusOr<RevocationRecord> record =
      ReadRevocation(request, *issuers(), now);
  if (!record.ok()) return done(record.status());
  v1::RevokeResponse response;
  if (record->expires != absl::InfiniteFuture()) {
    *response.mutable_expires() = ToMessage(record->expires);
  }
  state_->writer().Revoke({*record},
                          [response, done](const absl::Status& status) {
                            if (!status.ok()) return done(status);
                            done(response);
                          });
}

absl::StatusOr<v1::WatchJwksResponse> KeyHandlers::CurrentJwks(
    const v1::WatchJwksRequest& request) const {
  const std::shared_ptr<const LiveIssuers> issuers = this->issuers();
  const IssuerPlan* const plan = issuers->FindPlan(request.issuer());
  if (plan == nullptr || !plan->Signs()) return UnknownIssuer();
  v1::WatchJwksResponse response;
  response.set_jwks_json(issuers->PublicJwkSet(request.issuer()));
  *response.mutable_max_age() = ToMessage(plan->signing.jwks_max_age);
  return response;
}

template <typename Response>
Response KeyHandlers::ToResponse(const std::vector<KeyStep>& steps,
                                 absl::Time now) const {
  Response response;
  const std::shared_ptr<const IssuedTokens> issued = setup_->Share()->issued;
  for (const KeyStep& step : steps) {
    v1::KeyStep& message = *response.add_steps();
    message.set_key_id(step.key_id);
    message.set_algorithm(std::string(AlgorithmName(step.algorithm)));
    if (step.from) message.set_from(ToMessage(*step.from));
    if (step.to) message.set_to(ToMessage(*step.to));
    message.set_live_tokens(issued->CountLive(step.key_id, now));
  }
  return response;
}

}  // namespace signet
