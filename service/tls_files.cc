#include "service/tls_files.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "curves/error_queue.h"
#include "openssl/bio.h"
#include "openssl/pem.h"
#include "openssl/x509.h"
#include "service/certificate_chain.h"
#include "service/config_field.h"

namespace signet {
namespace {

constexpr absl::string_view kCertificateFile = "certificate_file";
constexpr absl::string_view kPrivateKeyFile = "private_key_file";
constexpr absl::string_view kClientCaFile = "client_ca_file";

bssl::UniquePtr<BIO> Open(const std::string& pem) {
  return bssl::UniquePtr<BIO>(
      BIO_new_mem_buf(pem.data(), static_cast<ossl_ssize_t>(pem.size())));
}

// Without a passphrase, rather than asking the terminal for one.
int NoPassphrase(char*, int, int, void*) { return -1; }

absl::Status CheckPrivateKey(X509* certificate, const std::string& pem) {
  const ErrorQueueCleaner cleaner;
  const bssl::UniquePtr<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(Open(pem).get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    return absl::InvalidArgumentError("is not an unencrypted PEM private key");
  }
  if (X509_check_private_key(certificate, key.get()) != 1) {
    return absl::InvalidArgumentError("does not belong to the certificate");
  }
  return absl::OkStatus();
}

absl::StatusOr<FileContents> ReadPem(absl::string_view field,
                                     const std::string& path,
                                     const std::string& folder,
                                     Privacy privacy) {
  if (path.empty()) {
    return AtField(field, absl::InvalidArgumentError("is required"));
  }
  absl::StatusOr<FileContents> contents =
      FileContents::Read(ResolvePath(folder, path), privacy);
  if (!contents.ok()) return AtField(field, contents.status());
  return contents;
}

absl::StatusOr<std::string> ReadClientCa(const std::string& path,
                                         const std::string& folder) {
  if (path.empty()) return "";
  const absl::StatusOr<FileContents> contents =
      ReadPem(kClientCaFile, path, folder, Privacy::kPublic);
  if (!contents.ok()) return contents.status();
  // One of them may have expired: its successor then stands beside it.
  const absl::Status whole = ReadCertificateChain(contents->text()).status();
  if (!whole.ok()) return AtField(kClientCaFile, whole);
  return contents->text();
}

absl::StatusOr<TlsFiles> ReadFiles(const TlsSource& source, absl::Time now) {
  const config::v1::Tls& tls = source.tls;
  const std::string& folder = source.folder;
  const absl::StatusOr<FileContents> certificate = ReadPem(
      kCertificateFile, tls.certificate_file(), folder, Privacy::kPublic);
  if (!certificate.ok()) return certificate.status();
  absl::StatusOr<FileContents> key = ReadPem(
      kPrivateKeyFile, tls.private_key_file(), folder, Privacy::kSecret);
  if (!key.ok()) return key.status();
  const absl::StatusOr<CertificateChain> chain =
      ReadCertificateChain(certificate->text());
  if (!chain.ok()) return AtField(kCertificateFile, chain.status());
  const absl::Status belongs =
      CheckPrivateKey(chain->front().get(), key->text());
  if (!belongs.ok()) return AtField(kPrivateKeyFile, belongs);
  const absl::Status valid = CheckValidity(*chain, now);
  if (!valid.ok()) return AtField(kCertificateFile, valid);
  absl::StatusOr<std::string> client_ca =
      ReadClientCa(tls.client_ca_file(), folder);
  if (!client_ca.ok()) return client_ca.status();
  return TlsFiles{source, certificate->text(), *std::move(key),
                  *std::move(client_ca)};
}

}  // namespace

absl::StatusOr<TlsFiles> ReadTlsFiles(const TlsSource& source, absl::Time now) {
  absl::StatusOr<TlsFiles> files = ReadFiles(source, now);
  if (!files.ok()) return InField(source.field, files.status());
  return files;
}

}  // namespace signet
