#ifndef SIGNET_FETCH_CURL_FAILURE_H_
#define SIGNET_FETCH_CURL_FAILURE_H_

#include <curl/curl.h>

#include <cstdint>

#include "absl/status/status.h"

namespace signet {

// CurlFailure says why a transfer has failed that ended with `result`, which is
// not CURLE_OK; `verification` is what OpenSSL made of the certificate
// (CURLINFO_SSL_VERIFYRESULT). FailedPrecondition if the certificate is not
// accepted, or the CA file is of no use; otherwise Unavailable.
absl::Status CurlFailure(CURLcode result, int64_t verification);

}  // namespace signet

#endif  // SIGNET_FETCH_CURL_FAILURE_H_
