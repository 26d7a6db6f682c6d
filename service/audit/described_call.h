#ifndef SIGNET_SERVICE_AUDIT_DESCRIBED_CALL_H_
#define SIGNET_SERVICE_AUDIT_DESCRIBED_CALL_H_

#include "google/protobuf/message.h"
#include "service/audit/audit_event.h"
#include "signet/v1/key_service.pb.h"
#include "signet/v1/revocation_service.pb.h"
#include "signet/v1/token_service.pb.h"

namespace signet {

// Describe adds to an event what a call is about, as far as the request, and
// then the response, says it: names, and never a token, key or other claim.
void Describe(const v1::SignRequest& request, AuditEvent& event);
void Describe(const v1::SignResponse& response, AuditEvent& event);
void Describe(const v1::ExchangeRequest& request, AuditEvent& event);
void Describe(const v1::ExchangeResponse& response, AuditEvent& event);
void Describe(const v1::RevokeRequest& request, AuditEvent& event);
void Describe(const v1::RotateKeyRequest& request, AuditEvent& event);
void Describe(const v1::RotateKeyResponse& response, AuditEvent& event);
void Describe(const v1::RevokeKeyRequest& request, AuditEvent& event);

// Of all others there is nothing to tell.
inline void Describe(const google::protobuf::Message&, AuditEvent&) {}

}  // namespace signet

#endif  // SIGNET_SERVICE_AUDIT_DESCRIBED_CALL_H_
