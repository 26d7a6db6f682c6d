#include "service/exposure.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "curves/error_queue.h"
#include "keys/file_contents.h"
#include "openssl/bio.h"
#include "openssl/pem.h"
#include "openssl/x509.h"
#include "service/certificate_chain.h"
#include "service/config_field.h"
#include "service/listen_address.h"

namespace signet {
namespace {

constexpr absl::string_view kDefaultAddress = "127.0.0.1:7410";
constexpr absl::string_view kCertificateFile = "listen.tls.certificate_file";
constexpr absl::string_view kClientCaFile = "listen.tls.client_ca_file";

// `address`, with the path of a Unix socket as seen from `folder`.
std::string ResolveAddress(const std::string& folder,
                           absl::string_view address) {
  absl::string_view path = address;
  if (!absl::ConsumePrefix(&path, "unix:") || path.empty()) {
    return std::string(address);
  }
  return absl::StrCat("unix:", ResolvePath(folder, std::string(path)));
}

absl::Status CheckReach(const config::v1::Listen& listen,
                        const ListenAddress& address) {
  if (address.is_loopback()) return absl::OkStatus();
  if (!listen.has_tls() && !listen.allow_plaintext_beyond_loopback()) {
    return absl::InvalidArgumentError(
        "listen.tls: is required beyond loopback; everyone on the network "
        "could read the tokens (or set allow_plaintext_beyond_loopback)");
  }
  if (listen.tls().client_ca_file().empty() &&
      !listen.allow_anonymous_beyond_loopback()) {
    return absl::InvalidArgumentError(
        "listen.tls.client_ca_file: is required beyond loopback; everyone who "
        "can connect could have tokens signed (or set "
        "allow_anonymous_beyond_loopback)");
  }
  return absl::OkStatus();
}

bssl::UniquePtr<BIO> Open(const std::string& pem) {
  return bssl::UniquePtr<BIO>(
      BIO_new_mem_buf(pem.data(), static_cast<ossl_ssize_t>(pem.size())));
}

// Without a passphrase, rather than asking the terminal for one.
int NoPassphrase(char*, int, int, void*) { return -1; }

// gRPC reports none of this where anyone would see it.
absl::Status CheckCertificates(const std::string& certificates,
                               const std::string& private_key, absl::Time now) {
  const absl::StatusOr<CertificateChain> chain =
      ReadCertificateChain(certificates);
  if (!chain.ok()) return AtField(kCertificateFile, chain.status());
  const ErrorQueueCleaner cleaner;
  const bssl::UniquePtr<EVP_PKEY> key(PEM_read_bio_PrivateKey(
      Open(private_key).get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    return absl::InvalidArgumentError(
        "listen.tls.private_key_file: is not an unencrypted PEM private key");
  }
  if (X509_check_private_key(chain->front().get(), key.get()) != 1) {
    return absl::InvalidArgumentError(
        "listen.tls.private_key_file: does not belong to the certificate");
  }
  return AtField(kCertificateFile, CheckValidity(*chain, now));
}

absl::StatusOr<std::string> ReadPem(absl::string_view field,
                                    const std::string& path,
                                    const std::string& folder,
                                    Privacy privacy) {
  if (path.empty()) {
    return AtField(field, absl::InvalidArgumentError("is required"));
  }
  const absl::StatusOr<FileContents> contents =
      FileContents::Read(ResolvePath(folder, path), privacy);
  if (!contents.ok()) return AtField(field, contents.status());
  return contents->text();
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> TlsCredentials(
    const config::v1::Tls& tls, const std::string& folder, absl::Time now) {
  const absl::StatusOr<std::string> certificate = ReadPem(
      kCertificateFile, tls.certificate_file(), folder, Privacy::kPublic);
  if (!certificate.ok()) return certificate.status();
  const absl::StatusOr<std::string> key =
      ReadPem("listen.tls.private_key_file", tls.private_key_file(), folder,
              Privacy::kSecret);
  if (!key.ok()) return key.status();
  const absl::Status usable = CheckCertificates(*certificate, *key, now);
  if (!usable.ok()) return usable;

  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE);
  if (!tls.client_ca_file().empty()) {
    absl::StatusOr<std::string> client_ca =
        ReadPem(kClientCaFile, tls.client_ca_file(), folder, Privacy::kPublic);
    if (!client_ca.ok()) return client_ca.status();
    // One of them may have expired: its successor then stands beside it.
    const absl::StatusOr<CertificateChain> authorities =
        ReadCertificateChain(*client_ca);
    if (!authorities.ok()) return AtField(kClientCaFile, authorities.status());
    options.client_certificate_request =
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
    options.pem_root_certs = *std::move(client_ca);
  }
  options.pem_key_cert_pairs.push_back({*key, *certificate});
  return grpc::SslServerCredentials(options);
}

}  // namespace

absl::StatusOr<Exposure> PlanExposure(const config::v1::Listen& listen,
                                      const std::string& folder,
                                      absl::Time now) {
  const absl::StatusOr<ListenAddress> address = ListenAddress::Parse(
      listen.address().empty() ? std::string(kDefaultAddress)
                               : ResolveAddress(folder, listen.address()));
  if (!address.ok()) return AtField("listen.address", address.status());
  const absl::Status reach = CheckReach(listen, *address);
  if (!reach.ok()) return reach;
  if (!listen.has_tls()) {
    return Exposure{*address, grpc::InsecureServerCredentials()};
  }
  absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> credentials =
      TlsCredentials(listen.tls(), folder, now);
  if (!credentials.ok()) return credentials.status();
  return Exposure{*address, *std::move(credentials)};
}

}  // namespace signet
