#include "service/audit/described_call.h"

#include <string>

#include "jose/rejection.h"
#include "jose/unverified_jwt.h"
#include "signet/v1/token.pb.h"

namespace signet {
namespace {

// What names a token that somebody brings, if it can be read.
void DescribeToken(const std::string& compact, AuditEvent& event) {
  const RejectionOr<UnverifiedJwt> jwt = UnverifiedJwt::Parse(compact);
  if (!jwt.ok()) return;
  const RegisteredClaims& claims = jwt->claims().registered();
  event.issuer = std::string(claims.issuer.value_or(""));
  event.jti = std::string(claims.jwt_id.value_or(""));
}

void DescribeIssued(const v1::VerifiedToken& token, AuditEvent& event) {
  event.issuer = token.claims().issuer();
  event.jti = token.claims().token_id();
  event.key_id = token.header().key_id();
}

}  // namespace

void Describe(const v1::SignRequest& request, AuditEvent& event) {
  event.issuer = request.issuer();
  event.subject = request.subject();
  event.audiences.assign(request.audiences().begin(),
                         request.audiences().end());
}

void Describe(const v1::SignResponse& response, AuditEvent& event) {
  DescribeIssued(response.content(), event);
}

void Describe(const v1::ExchangeRequest& request, AuditEvent& event) {
  event.issuer = request.issuer();
  event.audiences.assign(request.audiences().begin(),
                         request.audiences().end());
}

void Describe(const v1::ExchangeResponse& response, AuditEvent& event) {
  if (!response.has_issued()) {
    event.action = "Exchange of a refused token";
    return;
  }
  const v1::VerifiedToken& content = response.issued().content();
  DescribeIssued(content, event);
  event.subject = content.claims().subject();
}

void Describe(const v1::RevokeRequest& request, AuditEvent& event) {
  switch (request.target_case()) {
    case v1::RevokeRequest::kToken:
      return DescribeToken(request.token(), event);
    case v1::RevokeRequest::kTokenId:
      event.issuer = request.token_id().issuer();
      event.jti = request.token_id().jwt_id();
      return;
    case v1::RevokeRequest::kSubject:
      event.issuer = request.subject().issuer();
      event.subject = request.subject().subject();
      return;
    case v1::RevokeRequest::kKey:
      event.issuer = request.key().issuer();
      event.key_id = request.key().key_id();
      return;
    case v1::RevokeRequest::kIssuer:
      event.issuer = request.issuer().issuer();
      return;
    case v1::RevokeRequest::TARGET_NOT_SET:
      return;
  }
}

void Describe(const v1::RotateKeyRequest& request, AuditEvent& event) {
  if (request.dry_run()) event.action = "RotateKey dry run";
  event.issuer = request.issuer();
}

void Describe(const v1::RotateKeyResponse& response, AuditEvent& event) {
  for (const v1::KeyStep& step : response.steps()) {
    if (step.to() == v1::KEY_STATE_ACTIVE) event.key_id = step.key_id();
  }
}

void Describe(const v1::RevokeKeyRequest& request, AuditEvent& event) {
  event.issuer = request.issuer();
  event.key_id = request.key_id();
}

}  // namespace signet
