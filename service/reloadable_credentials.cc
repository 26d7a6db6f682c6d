#include "service/reloadable_credentials.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"

namespace signet {
namespace {

std::string Identity(const TlsFiles& files) {
  return absl::StrCat(files.certificate, "\n", files.private_key.text());
}

}  // namespace

absl::StatusOr<std::unique_ptr<ReloadableCredentials>>
ReloadableCredentials::Create(const TlsFiles& files) {
  absl::StatusOr<MemoryFile> identity = MemoryFile::Create(Identity(files));
  if (!identity.ok()) return identity.status();
  std::optional<MemoryFile> client_ca;
  if (!files.client_ca.empty()) {
    absl::StatusOr<MemoryFile> kept = MemoryFile::Create(files.client_ca);
    if (!kept.ok()) return kept.status();
    client_ca.emplace(*std::move(kept));
  }
  return std::unique_ptr<ReloadableCredentials>(
      new ReloadableCredentials(*std::move(identity), std::move(client_ca)));
}

ReloadableCredentials::ReloadableCredentials(
    MemoryFile identity, std::optional<MemoryFile> client_ca)
    : identity_(std::move(identity)), client_ca_(std::move(client_ca)) {
  // Credentials that ask for the certificate with every handshake
  // (grpc_ssl_server_credentials_create_options_using_config_fetcher) replace
  // it without a lock, under handshakes of other threads. These have one.
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          identity_.path(), identity_.path(),
          client_ca_ ? client_ca_->path() : "",
          static_cast<unsigned>(absl::ToInt64Seconds(kLookInterval))));
  options.watch_identity_key_cert_pairs();
  if (client_ca_) {
    options.watch_root_certs();
    options.set_cert_request_type(
        GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  }
  grpc_ = grpc::experimental::TlsServerCredentials(options);
}

absl::Status ReloadableCredentials::Replace(const TlsFiles& files) {
  absl::Status replaced = identity_.Replace(Identity(files));
  if (replaced.ok() && client_ca_) {
    replaced = client_ca_->Replace(files.client_ca);
  }
  return replaced;
}

}  // namespace signet
