#ifndef SIGNET_FETCH_FETCH_OPTIONS_H_
#define SIGNET_FETCH_FETCH_OPTIONS_H_

#include <cstddef>
#include <string>

#include "absl/time/time.h"
#include "fetch/address_rules.h"

namespace signet {

// FetchLimits bound what one request may cost, redirects included.
struct FetchLimits {
  size_t max_body_bytes = size_t{1024} * 1024;
  // Of each answer, interim responses and trailers included.
  size_t max_head_bytes = size_t{64} * 1024;
  // From when the request is sent off until its answer is complete. It does
  // not count while the request waits for its turn.
  absl::Duration timeout = absl::Seconds(10);
  // Of that, to resolve the host, to connect and to shake hands.
  absl::Duration connect_timeout = absl::Seconds(5);
  int max_redirects = 3;
};

// MediaType is what a document has to be.
enum class MediaType { kJson, kPlainText };

// FetchOptions are how an issuer's documents are fetched.
struct FetchOptions {
  // A file of certificates (PEM) of the authorities that are trusted, and no
  // others; empty for the system's. It is read again after a few minutes.
  std::string ca_file;
  AddressRules addresses;
  FetchLimits limits;
};

}  // namespace signet

#endif  // SIGNET_FETCH_FETCH_OPTIONS_H_
