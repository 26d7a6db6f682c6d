#ifndef SIGNET_TESTS_SERVICE_TEST_CERTIFICATE_H_
#define SIGNET_TESTS_SERVICE_TEST_CERTIFICATE_H_

#include <string>

#include "openssl/base.h"
#include "openssl/evp.h"
#include "openssl/x509.h"

namespace signet {

// TestCertificate is an X.509 certificate with its private key, a new P-256
// key.
class TestCertificate {
 public:
  // From when to when it is valid, as YYYYMMDDhhmmssZ, and for what.
  struct Validity {
    const char* begin = "20000101000000Z";
    const char* end = "20991231235959Z";
    const char* names = "DNS:localhost,IP:127.0.0.1";
  };

  // A certificate authority, which signs itself.
  explicit TestCertificate(const std::string& name);

  // A certificate that `authority` issues.
  TestCertificate(const std::string& name, const TestCertificate& authority);
  TestCertificate(const std::string& name, const TestCertificate& authority,
                  const Validity& validity);

  std::string CertificatePem() const;
  std::string PrivateKeyPem() const;
  std::string EncryptedPrivateKeyPem(std::string passphrase) const;

 private:
  bssl::UniquePtr<EVP_PKEY> key_;
  bssl::UniquePtr<X509> certificate_;
};

}  // namespace signet

#endif  // SIGNET_TESTS_SERVICE_TEST_CERTIFICATE_H_
