#ifndef SIGNET_JOSE_JWT_CONTENT_H_
#define SIGNET_JOSE_JWT_CONTENT_H_

#include <atomic>
#include <cstdint>
#include <utility>

#include "absl/strings/string_view.h"
#include "jose/claims_set.h"
#include "jose/jose_header.h"

namespace signet {

// JwtContent is what handles of type UnverifiedJwt share: immutable, but for
// the number of them.
class JwtContent {
 public:
  JwtContent(const JwtContent&) = delete;
  JwtContent& operator=(const JwtContent&) = delete;

  const JoseHeader& header() const { return header_; }
  const ClaimsSet& claims() const { return claims_; }
  absl::string_view signature() const { return signature_; }

  // AddHandle counts one more handle.
  void AddHandle() const {
    // Relaxed: whoever makes a handle has one already.
    handles_.fetch_add(1, std::memory_order_relaxed);
  }

  // DropHandle counts one less, and ends the content with the last.
  void DropHandle() const {
    // Alone, nobody can add one meanwhile: no need to write. Acquire and
    // release: what others did with their handles comes before the end.
    if (handles_.load(std::memory_order_acquire) != 1) {
      if (handles_.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
      // Relaxed: nobody else is left. Content that is used again begins with
      // one handle, however the last of them went.
      handles_.store(1, std::memory_order_relaxed);
    }
    const_cast<JwtContent*>(this)->End();
  }

 protected:
  JwtContent() = default;
  explicit JwtContent(ClaimsSet claims) : claims_(std::move(claims)) {}
  virtual ~JwtContent() = default;

  // Ends the content, to which there is no handle, and gives its memory back.
  virtual void End() = 0;

  JoseHeader header_{};
  ClaimsSet claims_;
  absl::string_view signature_;

 private:
  mutable std::atomic<uint32_t> handles_{1};
};

}  // namespace signet

#endif  // SIGNET_JOSE_JWT_CONTENT_H_
