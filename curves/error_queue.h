#ifndef SIGNET_CURVES_ERROR_QUEUE_H_
#define SIGNET_CURVES_ERROR_QUEUE_H_

#include "openssl/err.h"

namespace signet {

// ErrorQueueCleaner empties BoringSSL's error queue of this thread when it goes
// out of scope, so that one failure is never taken for the next one's.
class ErrorQueueCleaner {
 public:
  ErrorQueueCleaner() = default;
  // Stands for a scope, which cannot be copied.
  ErrorQueueCleaner(const ErrorQueueCleaner&) = delete;
  ErrorQueueCleaner& operator=(const ErrorQueueCleaner&) = delete;
  ~ErrorQueueCleaner() { ERR_clear_error(); }
};

}  // namespace signet

#endif  // SIGNET_CURVES_ERROR_QUEUE_H_
