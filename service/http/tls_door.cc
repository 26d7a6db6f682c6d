#include "service/http/tls_door.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "service/memory_file.h"

namespace signet {
namespace {

// Has the context use `files`. OpenSSL reads them by their names alone.
absl::Status Load(const SystemOpenssl& openssl, const TlsFiles& files,
                  SystemOpenssl::Context* context) {
  const absl::StatusOr<MemoryFile> identity = MemoryFile::Create(
      absl::StrCat(files.certificate, "\n", files.private_key.text()));
  if (!identity.ok()) return identity.status();
  const absl::StatusOr<MemoryFile> client_ca =
      MemoryFile::Create(files.client_ca);
  if (!client_ca.ok()) return client_ca.status();
  const std::string path = identity->path();
  const bool taken =
      openssl.SSL_CTX_use_certificate_chain_file(context, path.c_str()) == 1 &&
      openssl.SSL_CTX_use_PrivateKey_file(context, path.c_str(),
                                          SystemOpenssl::kFiletypePem) == 1 &&
      (files.client_ca.empty() ||
       openssl.SSL_CTX_load_verify_locations(context, client_ca->path().c_str(),
                                             nullptr) == 1);
  openssl.ERR_clear_error();
  if (taken) return absl::OkStatus();
  return absl::InvalidArgumentError("OpenSSL does not take the certificate");
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsDoor>> TlsDoor::Create(
    const TlsFiles& files) {
  const SystemOpenssl* const openssl = SystemOpenssl::Find();
  if (openssl == nullptr) {
    return absl::FailedPreconditionError(
        "cannot serve HTTPS: the system's OpenSSL 3 (libssl.so.3) is not "
        "there");
  }
  Context entrance(openssl->SSL_CTX_new(openssl->TLS_server_method()),
                   openssl->SSL_CTX_free);
  if (entrance == nullptr) return absl::ResourceExhaustedError("no memory");
  SystemOpenssl::Context* const context = entrance.get();
  openssl->SSL_CTX_ctrl(context, SystemOpenssl::kSetMinProtoVersion,
                        SystemOpenssl::kTls12, nullptr);
  openssl->SSL_CTX_ctrl(context, SystemOpenssl::kSetSessionCacheMode,
                        SystemOpenssl::kSessionCacheOff, nullptr);
  openssl->SSL_CTX_set_options(
      context, SystemOpenssl::kNoTicket | SystemOpenssl::kNoRenegotiation);
  openssl->SSL_CTX_set_num_tickets(context, 0);
  if (!files.client_ca.empty()) {
    openssl->SSL_CTX_set_verify(context, SystemOpenssl::kVerifyPeerOrFail,
                                nullptr);
  }
  std::unique_ptr<TlsDoor> door(new TlsDoor(*openssl, std::move(entrance)));
  openssl->SSL_CTX_set_client_hello_cb(context, OnClientHello, door.get());
  const absl::Status replaced = door->Replace(files);
  if (!replaced.ok()) return replaced;
  return door;
}

absl::Status TlsDoor::Replace(const TlsFiles& files) {
  Context next(openssl_.SSL_CTX_new(openssl_.TLS_server_method()),
               openssl_.SSL_CTX_free);
  if (next == nullptr) return absl::ResourceExhaustedError("no memory");
  absl::Status loaded = Load(openssl_, files, next.get());
  if (!loaded.ok()) return loaded;
  const std::lock_guard lock(mutex_);
  // Handshakes that use the old one keep it.
  current_ = std::move(next);
  return loaded;
}

int TlsDoor::OnClientHello(SystemOpenssl::Connection* connection, int*,
                           void* door) {
  auto& self = *static_cast<TlsDoor*>(door);
  const std::lock_guard lock(self.mutex_);
  // Without a certificate, the handshake fails by itself.
  static_cast<void>(
      self.openssl_.SSL_set_SSL_CTX(connection, self.current_.get()));
  return SystemOpenssl::kClientHelloSuccess;
}

}  // namespace signet
