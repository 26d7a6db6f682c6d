#ifndef SIGNET_SERVICE_HTTP_JWKS_LIFETIME_H_
#define SIGNET_SERVICE_HTTP_JWKS_LIFETIME_H_

#include "absl/time/time.h"
#include "service/issuer_plan.h"
#include "store/records.h"

namespace signet {

// JwksLifetime returns for how long an issuer's JWK Set may be kept, in whole
// seconds: at most the plan's jwks_max_age, and not beyond the moment, by the
// store's `time`, at which a key is to be published or to disappear next. Zero,
// if that is due.
absl::Duration JwksLifetime(const SigningPlan& plan,
                            const IssuerKeyRecords& records,
                            absl::Duration time);

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_JWKS_LIFETIME_H_
