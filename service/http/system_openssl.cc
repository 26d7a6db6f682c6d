#include "service/http/system_openssl.h"

#include <dlfcn.h>

#include <optional>

namespace signet {
namespace {

// Sets `function` to the one of this name. False, if there is none.
template <typename Function>
bool Bind(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<SystemOpenssl> Load() {
  // Stays for as long as the process.
  void* const library = dlopen("libssl.so.3", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return std::nullopt;
  SystemOpenssl functions = {};
#define SIGNET_BIND(name) Bind(library, #name, functions.name)
  const bool all = SIGNET_BIND(TLS_server_method) && SIGNET_BIND(SSL_CTX_new) &&
                   SIGNET_BIND(SSL_CTX_free) && SIGNET_BIND(SSL_CTX_ctrl) &&
                   SIGNET_BIND(SSL_CTX_set_options) &&
                   SIGNET_BIND(SSL_CTX_set_num_tickets) &&
                   SIGNET_BIND(SSL_CTX_set_verify) &&
                   SIGNET_BIND(SSL_CTX_set_client_hello_cb) &&
                   SIGNET_BIND(SSL_CTX_use_certificate_chain_file) &&
                   SIGNET_BIND(SSL_CTX_use_PrivateKey_file) &&
                   SIGNET_BIND(SSL_CTX_load_verify_locations) &&
                   SIGNET_BIND(SSL_set_SSL_CTX) && SIGNET_BIND(ERR_clear_error);
#undef SIGNET_BIND
  if (!all) return std::nullopt;
  return functions;
}

}  // namespace

const SystemOpenssl* SystemOpenssl::Find() {
  static const std::optional<SystemOpenssl> found = Load();
  return found ? &*found : nullptr;
}

}  // namespace signet
