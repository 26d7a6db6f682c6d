#ifndef SIGNET_SERVICE_HTTP_SYSTEM_OPENSSL_H_
#define SIGNET_SERVICE_HTTP_SYSTEM_OPENSSL_H_

#include <cstddef>
#include <cstdint>

namespace signet {

// SystemOpenssl has the functions of the system's OpenSSL 3 that TLS for HTTP
// needs, by their own names (see its manual pages). It is the library that
// civetweb finds, too; BoringSSL, which is linked, has other ones by the same
// names, so its headers do not do here. Immutable.
struct SystemOpenssl {
  // OpenSSL's SSL and SSL_CTX.
  struct Connection;
  struct Context;

  // A number as OpenSSL's functions have it.
  using Long = long;  // NOLINT(google-runtime-int)

  // What OpenSSL's macros stand for.
  static constexpr int kFiletypePem = 1;
  static constexpr int kVerifyPeerOrFail = 0x01 | 0x02;
  static constexpr int kSetMinProtoVersion = 123;
  static constexpr int kSetSessionCacheMode = 44;
  static constexpr Long kTls12 = 0x0303;
  static constexpr Long kSessionCacheOff = 0;
  static constexpr uint64_t kNoTicket = uint64_t{1} << 14U;
  static constexpr uint64_t kNoRenegotiation = uint64_t{1} << 30U;
  static constexpr int kClientHelloSuccess = 1;

  using ClientHelloCallback = int (*)(Connection*, int* alert, void* argument);

  // Find returns null if there is no such library, or it is another.
  static const SystemOpenssl* Find();

  const void* (*TLS_server_method)();
  Context* (*SSL_CTX_new)(const void* method);
  void (*SSL_CTX_free)(Context*);
  Long (*SSL_CTX_ctrl)(Context*, int command, Long argument, void* pointer);
  uint64_t (*SSL_CTX_set_options)(Context*, uint64_t options);
  int (*SSL_CTX_set_num_tickets)(Context*, size_t count);
  void (*SSL_CTX_set_verify)(Context*, int mode, void* callback);
  void (*SSL_CTX_set_client_hello_cb)(Context*, ClientHelloCallback,
                                      void* argument);
  int (*SSL_CTX_use_certificate_chain_file)(Context*, const char* path);
  int (*SSL_CTX_use_PrivateKey_file)(Context*, const char* path, int type);
  int (*SSL_CTX_load_verify_locations)(Context*, const char* file,
                                       const char* folder);
  Context* (*SSL_set_SSL_CTX)(Connection*, Context*);
  void (*ERR_clear_error)();
};

}  // namespace signet

#endif  // SIGNET_SERVICE_HTTP_SYSTEM_OPENSSL_H_
