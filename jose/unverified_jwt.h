#ifndef SIGNET_JOSE_UNVERIFIED_JWT_H_
#define SIGNET_JOSE_UNVERIFIED_JWT_H_

#include <cstddef>
#include <utility>

#include "absl/strings/string_view.h"
#include "jose/claims_set.h"
#include "jose/jose_header.h"
#include "jose/rejection.h"

namespace signet {

class JwtContent;

// JwtMemory lends memory to the content of tokens.
class JwtMemory {
 public:
  // TakeBack is called when nothing needs `memory` any more, by whichever
  // thread dropped the last handle.
  virtual void TakeBack(void* memory) = 0;

 protected:
  ~JwtMemory() = default;
};

// UnverifiedJwt is a well-formed JSON Web Token (RFC 7519) about which nothing
// else is known. Its claims are hearsay; only JwtVerifier makes facts of them.
//
// It is a handle: copies share the content, which never changes and goes with
// the last of them. Handles may be used and dropped on any thread.
class UnverifiedJwt {
 public:
  // Parse reads a token in one pass, and keeps no view of `compact`. It reads
  // into memory that tokens before it have left to this thread; so it allocates
  // only until there is enough of it (kKeptBytes in unverified_jwt.cc).
  static RejectionOr<UnverifiedJwt> Parse(absl::string_view compact);

  UnverifiedJwt(const UnverifiedJwt& other);
  UnverifiedJwt(UnverifiedJwt&& other) noexcept
      : content_(std::exchange(other.content_, nullptr)) {}
  UnverifiedJwt& operator=(UnverifiedJwt other) noexcept {
    std::swap(content_, other.content_);
    return *this;
  }
  ~UnverifiedJwt();

  const JoseHeader& header() const;
  const ClaimsSet& claims() const;
  // signature is decoded: any bytes. A copy has none.
  absl::string_view signature() const;

  // CopySize is how many bytes a copy takes: about a third of what Parse needs.
  size_t CopySize() const;

  // CopyInto makes a copy without the signature in `memory`, which has
  // CopySize() bytes, aligned as max_align_t. It is for keeping. `owner` gets
  // the memory back when the last handle to the copy is gone.
  UnverifiedJwt CopyInto(void* memory, JwtMemory& owner) const;

 private:
  // Takes over one reference.
  explicit UnverifiedJwt(const JwtContent* content) : content_(content) {}

  const JwtContent* content_;  // Null after a move.
};

}  // namespace signet

#endif  // SIGNET_JOSE_UNVERIFIED_JWT_H_
