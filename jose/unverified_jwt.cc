#include "jose/unverified_jwt.h"

#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <vector>

#include "jose/compact_jws.h"
#include "jose/jwt_content.h"

namespace signet {
namespace {

class ParsedJwt;

// kKeptBytes bounds what SpareContents keeps: some 400 tokens of 700 bytes.
constexpr size_t kKeptBytes = size_t{4} * 1024 * 1024;

// SpareContents keeps the memory of a thread's tokens for its next ones.
class SpareContents {
 public:
  SpareContents() = default;
  SpareContents(const SpareContents&) = delete;  // It is its thread's alone.
  SpareContents& operator=(const SpareContents&) = delete;
  ~SpareContents();

  // Take returns content that has yet to read its token.
  static std::unique_ptr<ParsedJwt> Take();
  // Keep has `content` for the next Take, unless there is enough.
  static void Keep(std::unique_ptr<ParsedJwt> content);

 private:
  std::vector<std::unique_ptr<ParsedJwt>> contents_;
  size_t bytes_ = 0;
};

// ParsedJwt is content as Parse makes it, in memory of its own.
class ParsedJwt final : public JwtContent {
 public:
  // Read returns why `compact` was refused, or nothing.
  std::optional<Rejection> Read(absl::string_view compact) {
    if (auto rejection = jws_.Read(compact)) return rejection;
    if (auto rejection = claims_.Read(jws_.payload())) return rejection;
    header_ = jws_.header();
    signature_ = jws_.signature();
    return std::nullopt;
  }

  size_t bytes() const {
    return sizeof(*this) + jws_.memory_bytes() + claims_.memory_bytes();
  }

 private:
  void End() override { SpareContents::Keep(std::unique_ptr<ParsedJwt>(this)); }

  CompactJws jws_;
};

thread_local SpareContents this_threads_spares;
// Outlives this_threads_spares, in a thread that drops handles while it ends.
constinit thread_local bool spares_are_gone = false;

SpareContents::~SpareContents() { spares_are_gone = true; }

std::unique_ptr<ParsedJwt> SpareContents::Take() {
  if (spares_are_gone || this_threads_spares.contents_.empty()) {
    return std::make_unique<ParsedJwt>();
  }
  SpareContents& spares = this_threads_spares;
  std::unique_ptr<ParsedJwt> content = std::move(spares.contents_.back());
  spares.contents_.pop_back();
  spares.bytes_ -= content->bytes();
  return content;
}

void SpareContents::Keep(std::unique_ptr<ParsedJwt> content) {
  if (spares_are_gone) return;
  SpareContents& spares = this_threads_spares;
  const size_t bytes = content->bytes();
  if (spares.bytes_ + bytes > kKeptBytes) return;
  spares.bytes_ += bytes;
  spares.contents_.push_back(std::move(content));
}

// CopiedJwt is content in borrowed memory. Behind it there lie, in this order,
// the claims, the key id and the type.
class CopiedJwt final : public JwtContent {
 public:
  CopiedJwt(const JwtContent& content, JwtMemory& owner)
      : JwtContent(content.claims().CopyInto(reinterpret_cast<char*>(this) +
                                             sizeof(CopiedJwt))),
        owner_(owner) {
    char* free = reinterpret_cast<char*>(this) + sizeof(*this) +
                 content.claims().CopySize();
    header_ = content.header();
    for (auto* const text : {&header_.key_id, &header_.type}) {
      if (!*text) continue;
      std::memcpy(free, (*text)->data(), (*text)->size());
      *text = absl::string_view(free, (*text)->size());
      free += (*text)->size();
    }
  }

  static size_t SizeFor(const JwtContent& content) {
    const JoseHeader& header = content.header();
    return sizeof(CopiedJwt) + content.claims().CopySize() +
           header.key_id.value_or("").size() + header.type.value_or("").size();
  }

 private:
  void End() override {
    JwtMemory& owner = owner_;
    this->~CopiedJwt();
    owner.TakeBack(this);
  }

  JwtMemory& owner_;
};

}  // namespace

RejectionOr<UnverifiedJwt> UnverifiedJwt::Parse(absl::string_view compact) {
  std::unique_ptr<ParsedJwt> content = SpareContents::Take();
  if (auto rejection = content->Read(compact)) {
    SpareContents::Keep(std::move(content));
    return *std::move(rejection);
  }
  return UnverifiedJwt(content.release());
}

UnverifiedJwt::UnverifiedJwt(const UnverifiedJwt& other)
    : content_(other.content_) {
  if (content_ != nullptr) content_->AddHandle();
}

UnverifiedJwt::~UnverifiedJwt() {
  if (content_ != nullptr) content_->DropHandle();
}

const JoseHeader& UnverifiedJwt::header() const { return content_->header(); }
const ClaimsSet& UnverifiedJwt::claims() const { return content_->claims(); }
absl::string_view UnverifiedJwt::signature() const {
  return content_->signature();
}

size_t UnverifiedJwt::CopySize() const { return CopiedJwt::SizeFor(*content_); }

UnverifiedJwt UnverifiedJwt::CopyInto(void* memory, JwtMemory& owner) const {
  return UnverifiedJwt(new (memory) CopiedJwt(*content_, owner));
}

}  // namespace signet
