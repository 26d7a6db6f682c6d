#include "tests/service/test_certificate.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>

#include "openssl/bio.h"
#include "openssl/cipher.h"
#include "openssl/ec_key.h"
#include "openssl/nid.h"
#include "openssl/pem.h"
#include "openssl/x509v3.h"

namespace signet {
namespace {

// Test set-up that fails is a mistake in the test.
void Must(bool done, const char* what) {
  if (!done) ADD_FAILURE() << what;
}

bssl::UniquePtr<EVP_PKEY> NewP256Key() {
  const bssl::UniquePtr<EC_KEY> ec(
      EC_KEY_new_by_curve_name(NID_X9_62_prime256v1));
  bssl::UniquePtr<EVP_PKEY> key(EVP_PKEY_new());
  Must(EC_KEY_generate_key(ec.get()) == 1 &&
           EVP_PKEY_set1_EC_KEY(key.get(), ec.get()) == 1,
       "generate a key");
  return key;
}

void AddExtension(X509* certificate, int nid, const char* value) {
  const bssl::UniquePtr<X509_EXTENSION> extension(
      X509V3_EXT_nconf_nid(nullptr, nullptr, nid, value));
  Must(extension != nullptr &&
           X509_add_ext(certificate, extension.get(), -1) == 1,
       value);
}

bssl::UniquePtr<X509> Unsigned(const std::string& name, EVP_PKEY* key,
                               const TestCertificate::Validity& validity) {
  bssl::UniquePtr<X509> certificate(X509_new());
  X509* x = certificate.get();
  X509_NAME* subject = X509_get_subject_name(x);
  Must(X509_set_version(x, X509_VERSION_3) == 1, "set the version");
  Must(ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1, "set the serial");
  Must(ASN1_TIME_set_string(X509_getm_notBefore(x), validity.begin) == 1 &&
           ASN1_TIME_set_string(X509_getm_notAfter(x), validity.end) == 1,
       "set the times");
  Must(X509_NAME_add_entry_by_txt(
           subject, "CN", MBSTRING_UTF8,
           reinterpret_cast<const uint8_t*>(name.c_str()), -1, -1, 0) == 1,
       "set the subject");
  Must(X509_set_pubkey(x, key) == 1, "set the key");
  AddExtension(x, NID_subject_alt_name, validity.names);
  return certificate;
}

void Sign(X509* certificate, const X509_NAME* issuer, EVP_PKEY* key) {
  Must(X509_set_issuer_name(certificate, const_cast<X509_NAME*>(issuer)) == 1 &&
           X509_sign(certificate, key, EVP_sha256()) > 0,
       "sign the certificate");
}

// What `write` puts into a BIO.
template <typename Write>
std::string Written(Write write) {
  const bssl::UniquePtr<BIO> bio(BIO_new(BIO_s_mem()));
  Must(write(bio.get()) == 1, "write PEM");
  const uint8_t* data = nullptr;
  size_t size = 0;
  BIO_mem_contents(bio.get(), &data, &size);
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

TestCertificate::TestCertificate(const std::string& name)
    : key_(NewP256Key()), certificate_(Unsigned(name, key_.get(), Validity{})) {
  AddExtension(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
  Sign(certificate_.get(), X509_get_subject_name(certificate_.get()),
       key_.get());
}

TestCertificate::TestCertificate(const std::string& name,
                                 const TestCertificate& authority)
    : TestCertificate(name, authority, Validity{}) {}

TestCertificate::TestCertificate(const std::string& name,
                                 const TestCertificate& authority,
                                 const Validity& validity)
    : key_(NewP256Key()), certificate_(Unsigned(name, key_.get(), validity)) {
  Sign(certificate_.get(), X509_get_subject_name(authority.certificate_.get()),
       authority.key_.get());
}

std::string TestCertificate::CertificatePem() const {
  return Written(
      [&](BIO* bio) { return PEM_write_bio_X509(bio, certificate_.get()); });
}

std::string TestCertificate::PrivateKeyPem() const {
  return Written([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(bio, key_.get(), nullptr, nullptr, 0,
                                         nullptr, nullptr);
  });
}

std::string TestCertificate::EncryptedPrivateKeyPem(
    std::string passphrase) const {
  return Written([&](BIO* bio) {
    return PEM_write_bio_PKCS8PrivateKey(
        bio, key_.get(), EVP_aes_256_cbc(), passphrase.data(),
        static_cast<int>(passphrase.size()), nullptr, nullptr);
  });
}

}  // namespace signet
