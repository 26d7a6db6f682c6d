#include "keys/ed25519_point.h"

#include "curves/error_queue.h"
#include "openssl/bn.h"

namespace signet {
namespace {

// Arithmetic modulo p = 2^255 - 19. Any failure is remembered, so that it is
// asked about once, at the end.
class Field {
 public:
  using Element = bssl::UniquePtr<BIGNUM>;

  Field() : context_(BN_CTX_new()), p_(BN_new()) {
    ok_ = context_ != nullptr && p_ != nullptr &&
          BN_set_bit(p_.get(), 255) == 1 && BN_sub_word(p_.get(), 19) == 1;
  }

  bool ok() const { return ok_; }
  const BIGNUM* p() const { return p_.get(); }

  Element Small(BN_ULONG value) {
    Element result(BN_new());
    Note(result != nullptr && BN_set_word(result.get(), value) == 1);
    return result;
  }
  Element Add(const Element& a, const Element& b) {
    Element result(BN_new());
    Note(ok_ &&
         BN_mod_add(result.get(), a.get(), b.get(), p(), context_.get()) == 1);
    return result;
  }
  Element Subtract(const Element& a, const Element& b) {
    Element result(BN_new());
    Note(ok_ &&
         BN_mod_sub(result.get(), a.get(), b.get(), p(), context_.get()) == 1);
    return result;
  }
  Element Multiply(const Element& a, const Element& b) {
    Element result(BN_new());
    Note(ok_ &&
         BN_mod_mul(result.get(), a.get(), b.get(), p(), context_.get()) == 1);
    return result;
  }
  Element Invert(const Element& a) {
    Element result(BN_new());
    Note(ok_ &&
         BN_mod_inverse(result.get(), a.get(), p(), context_.get()) != nullptr);
    return result;
  }
  // Null if `a` is not a square.
  Element SquareRoot(const Element& a) {
    if (!ok_) return nullptr;
    return Element(BN_mod_sqrt(nullptr, a.get(), p(), context_.get()));
  }

 private:
  void Note(bool success) { ok_ = ok_ && success; }

  bssl::UniquePtr<BN_CTX> context_;
  Element p_;
  bool ok_ = false;
};

// The square of x for a given y: (y^2 - 1) / (d y^2 + 1), where
// d = -121665 / 121666.
Field::Element SquareOfX(Field& field, const Field::Element& y) {
  const Field::Element one = field.Small(1);
  const Field::Element d = field.Subtract(
      field.Small(0),
      field.Multiply(field.Small(121665), field.Invert(field.Small(121666))));
  const Field::Element y2 = field.Multiply(y, y);
  return field.Multiply(field.Subtract(y2, one),
                        field.Invert(field.Add(field.Multiply(d, y2), one)));
}

// A point has order 1 or 2 if x = 0, order 4 if y = 0, and order 8 if its
// double has order 4. The y of the double is (y^2 + x^2) / (2 - y^2 + x^2).
bool HasLowOrder(Field& field, const Field::Element& x2,
                 const Field::Element& y) {
  const Field::Element sum = field.Add(field.Multiply(y, y), x2);
  return field.ok() && (BN_is_zero(x2.get()) == 1 || BN_is_zero(y.get()) == 1 ||
                        BN_is_zero(sum.get()) == 1);
}

}  // namespace

absl::Status CheckEd25519Point(const std::array<uint8_t, 32>& encoded) {
  const ErrorQueueCleaner cleaner;
  Field field;
  std::array<uint8_t, 32> y_bytes = encoded;
  y_bytes[31] &= 0x7F;  // The other bit is the sign of x.
  const Field::Element y(BN_le2bn(y_bytes.data(), y_bytes.size(), nullptr));
  if (!field.ok() || y == nullptr) {
    return absl::ResourceExhaustedError("out of memory");
  }
  if (BN_cmp(y.get(), field.p()) >= 0) {
    return absl::InvalidArgumentError("Ed25519 key is not canonically encoded");
  }
  const Field::Element x2 = SquareOfX(field, y);
  if (!field.ok()) return absl::ResourceExhaustedError("out of memory");
  if (field.SquareRoot(x2) == nullptr) {
    return absl::InvalidArgumentError("Ed25519 key is not on the curve");
  }
  if (HasLowOrder(field, x2, y)) {
    return absl::InvalidArgumentError("Ed25519 key is a point of low order");
  }
  return absl::OkStatus();
}

}  // namespace signet
