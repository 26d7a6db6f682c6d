#ifndef SIGNET_SERVICE_CERTIFICATE_CHAIN_H_
#define SIGNET_SERVICE_CERTIFICATE_CHAIN_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "openssl/base.h"
#include "openssl/x509.h"

namespace signet {

// CertificateChain is the certificates of a PEM file, in its order. At least
// one.
using CertificateChain = std::vector<bssl::UniquePtr<X509>>;

// ReadCertificateChain reads every certificate in `pem`. InvalidArgument, if
// there is none, or one is damaged: TLS would present or trust those before it
// only.
absl::StatusOr<CertificateChain> ReadCertificateChain(const std::string& pem);

// CheckValidity returns InvalidArgument unless all certificates are valid at
// `now`: clients would refuse to connect.
absl::Status CheckValidity(const CertificateChain& chain, absl::Time now);

}  // namespace signet

#endif  // SIGNET_SERVICE_CERTIFICATE_CHAIN_H_
