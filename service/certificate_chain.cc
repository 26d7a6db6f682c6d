#include "service/certificate_chain.h"

#include <cstddef>
#include <cstdint>
#include <ctime>
#include <utility>

#include "absl/strings/str_cat.h"
#include "curves/error_queue.h"
#include "openssl/bio.h"
#include "openssl/err.h"
#include "openssl/pem.h"

namespace signet {

absl::StatusOr<CertificateChain> ReadCertificateChain(const std::string& pem) {
  const ErrorQueueCleaner cleaner;
  const bssl::UniquePtr<BIO> bio(
      BIO_new_mem_buf(pem.data(), static_cast<ossl_ssize_t>(pem.size())));
  CertificateChain chain;
  while (true) {
    bssl::UniquePtr<X509> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
    if (certificate == nullptr) break;
    chain.push_back(std::move(certificate));
  }
  if (chain.empty()) {
    return absl::InvalidArgumentError("does not begin with a PEM certificate");
  }
  // How the end of a file looks.
  const uint32_t error = ERR_peek_last_error();
  if (ERR_GET_LIB(error) == ERR_LIB_PEM &&
      ERR_GET_REASON(error) == PEM_R_NO_START_LINE) {
    return chain;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("certificate ", chain.size() + 1, " is damaged"));
}

absl::Status CheckValidity(const CertificateChain& chain, absl::Time now) {
  const ErrorQueueCleaner cleaner;
  time_t seconds = absl::ToTimeT(now);
  for (size_t i = 0; i < chain.size(); ++i) {
    // 0 stands for what is no time at all: equal counts as earlier.
    if (X509_cmp_time(X509_get0_notAfter(chain[i].get()), &seconds) <= 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("certificate ", i + 1, " has expired"));
    }
    if (X509_cmp_time(X509_get0_notBefore(chain[i].get()), &seconds) != -1) {
      return absl::InvalidArgumentError(
          absl::StrCat("certificate ", i + 1, " is not valid yet"));
    }
  }
  return absl::OkStatus();
}

}  // namespace signet
