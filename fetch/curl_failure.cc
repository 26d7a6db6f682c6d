#include "fetch/curl_failure.h"

namespace signet {
namespace {

// Of OpenSSL's X509_V_*, which its headers define and libcurl passes on.
constexpr int64_t kUnspecified = 1;
constexpr int64_t kNotYetValid = 9;
constexpr int64_t kExpired = 10;

absl::Status CertificateFailure(int64_t verification) {
  switch (verification) {
    // What libcurl leaves there until it has looked at the name.
    case kUnspecified:
      return absl::FailedPreconditionError(
          "the server's certificate is for another host");
    case kNotYetValid:
      return absl::FailedPreconditionError(
          "a certificate of the server is not valid yet; is the clock right?");
    case kExpired:
      return absl::FailedPreconditionError(
          "a certificate of the server has expired");
    default:
      return absl::FailedPreconditionError(
          "the server's certificate does not come from an authority that is "
          "trusted; name a CA file that has its authority");
  }
}

}  // namespace

absl::Status CurlFailure(CURLcode result, int64_t verification) {
  switch (result) {
    case CURLE_PEER_FAILED_VERIFICATION:
      return CertificateFailure(verification);
    case CURLE_SSL_CACERT_BADFILE:
      return absl::FailedPreconditionError(
          "the CA file cannot be read, or has no certificate");
    case CURLE_COULDNT_RESOLVE_HOST:
      return absl::UnavailableError("the host's name has no address now");
    case CURLE_COULDNT_CONNECT:
      return absl::UnavailableError("nobody accepts connections there");
    case CURLE_SSL_CONNECT_ERROR:
      return absl::UnavailableError(
          "no TLS connection could be made; the server must offer TLS 1.2 or "
          "later, with a certificate that its authority has signed");
    case CURLE_OPERATION_TIMEDOUT:
      return absl::UnavailableError(
          "the answer was not complete within the time limit");
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
      return absl::UnavailableError(
          "the answer broke off before it was complete");
    default:
      return absl::UnavailableError("the answer is not proper HTTP/1.1");
  }
}

}  // namespace signet
