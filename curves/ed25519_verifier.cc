#include "curves/ed25519_verifier.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>

#include "curves/ed25519_engine.h"
#include "openssl/curve25519.h"
#include "openssl/sha.h"

// After openssl/curve25519.h, whose enumeration it names.
#include "crypto/curve25519/internal.h"

namespace signet {
namespace {

// The order of the base point, least significant byte first.
constexpr std::array<uint8_t, 32> kGroupOrder = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
    0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

const uint8_t* AsBytes(absl::string_view text) {
  return reinterpret_cast<const uint8_t*>(text.data());
}

bool IsBelowGroupOrder(const uint8_t s[32]) {
  return std::lexicographical_compare(std::make_reverse_iterator(s + 32),
                                      std::make_reverse_iterator(s),
                                      kGroupOrder.rbegin(), kGroupOrder.rend());
}

// Writes the equation whose solution must be the R of the signature. False if
// the signature is bad already.
bool WriteEquation(const Ed25519Task& task, ed25519::Equation* equation) {
  if (task.signature.size() != ED25519_SIGNATURE_LEN) return false;
  const uint8_t* const r = AsBytes(task.signature);
  const uint8_t* const s = r + 32;
  // RFC 8032 section 5.1.7: otherwise S + L would be a second signature.
  if (!IsBelowGroupOrder(s)) return false;

  SHA512_CTX context;
  uint8_t k[SHA512_DIGEST_LENGTH];
  SHA512_Init(&context);
  SHA512_Update(&context, r, 32);
  SHA512_Update(&context, task.table->key().data(), 32);
  SHA512_Update(&context, task.message.data(), task.message.size());
  SHA512_Final(k, &context);
  x25519_sc_reduce(k);

  equation->base = &task.table->base();
  equation->minus_key = &task.table->minus_key();
  std::memcpy(equation->s, s, sizeof(equation->s));
  std::memcpy(equation->k, k, sizeof(equation->k));
  return true;
}

// As BoringSSL does, compares encodings: so R is never decoded, and has only
// one spelling.
bool IsSolution(const ed25519::EncodedPoint& point, const Ed25519Task& task) {
  if (point.known) {
    return std::memcmp(point.bytes, task.signature.data(), 32) == 0;
  }
  return ED25519_verify(AsBytes(task.message), task.message.size(),
                        AsBytes(task.signature), task.table->key().data()) == 1;
}

// Verifies at most kMaxEquations tasks.
void VerifyChunk(absl::Span<const Ed25519Task> tasks, absl::Span<bool> valid) {
  ed25519::Equation equations[ed25519::kMaxEquations];
  ed25519::EncodedPoint points[ed25519::kMaxEquations];
  size_t task_of[ed25519::kMaxEquations];
  size_t count = 0;
  for (size_t i = 0; i < tasks.size(); ++i) {
    valid[i] = false;
    if (WriteEquation(tasks[i], &equations[count])) task_of[count++] = i;
  }
  if (count == 0) return;
  ed25519::Solve(equations, count, points);
  for (size_t i = 0; i < count; ++i) {
    valid[task_of[i]] = IsSolution(points[i], tasks[task_of[i]]);
  }
}

}  // namespace

bool VerifyEd25519(const Ed25519Table& table, absl::string_view message,
                   absl::string_view signature) {
  const Ed25519Task task = {&table, message, signature};
  ed25519::Equation equation;
  if (!WriteEquation(task, &equation)) return false;
  ed25519::EncodedPoint point;
  ed25519::Solve(&equation, 1, &point);
  return IsSolution(point, task);
}

void VerifyEd25519Batch(absl::Span<const Ed25519Task> tasks,
                        absl::Span<bool> valid) {
  if (tasks.size() != valid.size()) std::abort();
  for (size_t begin = 0; begin < tasks.size();
       begin += ed25519::kMaxEquations) {
    const auto chunk = tasks.subspan(begin, ed25519::kMaxEquations);
    VerifyChunk(chunk, valid.subspan(begin, chunk.size()));
  }
}

}  // namespace signet
