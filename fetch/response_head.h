#ifndef SIGNET_FETCH_RESPONSE_HEAD_H_
#define SIGNET_FETCH_RESPONSE_HEAD_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "fetch/cache_lifetime.h"
#include "fetch/fetch_options.h"

namespace signet {

// ResponseHead is the status and those header fields of a response that matter
// here, read line by line. Interim responses (1xx) are passed over.
class ResponseHead {
 public:
  enum class Progress { kUnfinished, kComplete, kTooLarge };

  // All lines together, those of interim responses and trailers included, may
  // have `max_bytes`.
  explicit ResponseHead(size_t max_bytes) : bytes_left_(max_bytes) {}

  // AddLine takes the next line, with its end. What comes after the head is
  // complete, as trailers do, is counted and otherwise ignored.
  Progress AddLine(absl::string_view line);

  bool is_complete() const { return progress_ == Progress::kComplete; }
  int status() const { return status_; }

  // Each is empty if there was none. Of those that came twice, the first.
  const std::string& etag() const { return etag_; }
  const std::string& last_modified() const { return last_modified_; }
  const std::string& location() const { return location_; }
  const std::string& content_type() const { return content_type_; }
  const std::string& content_encoding() const { return content_encoding_; }
  const CacheHeaders& cache() const { return cache_; }

 private:
  void StartHead(absl::string_view status_line);
  void AddField(absl::string_view line);
  // Where a field of this name goes; null if it does not matter.
  std::string* FieldNamed(absl::string_view name);

  size_t bytes_left_;
  Progress progress_ = Progress::kUnfinished;
  int status_ = 0;
  std::string etag_;
  std::string last_modified_;
  std::string location_;
  std::string content_type_;
  std::string content_encoding_;
  CacheHeaders cache_;
};

// CheckStatus returns OK for 200; for another status, FailedPrecondition, or
// Unavailable if it says that the request may be repeated.
absl::Status CheckStatus(int status);

// CheckMediaType returns FailedPrecondition unless the body is of this type,
// and uncompressed: JSON is application/json or what ends in "+json", plain
// text is text/plain. A body without a media type may be anything: whoever
// reads it will see.
absl::Status CheckMediaType(const ResponseHead& head, MediaType expected);

// IsValidator reports whether `value` may be remembered, and sent in a header,
// as an ETag or Last-Modified: some visible ASCII and spaces, 1 KiB at most.
bool IsValidator(absl::string_view value);

}  // namespace signet

#endif  // SIGNET_FETCH_RESPONSE_HEAD_H_
