#include "tests/differential/rsa_encodings.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "keys/digest.h"

namespace signet {
namespace {

// A hash function that is not `hash`.
const EVP_MD* AnotherHash(const EVP_MD* hash, std::mt19937_64& random) {
  const EVP_MD* const hashes[] = {EVP_sha1(), EVP_sha256(), EVP_sha384(),
                                  EVP_sha512()};
  const EVP_MD* other = hash;
  while (other == hash) other = hashes[random() % 4];
  return other;
}

std::string Hash(const EVP_MD* hash, absl::string_view text) {
  uint8_t digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest, &size, hash, nullptr);
  return std::string(AsText({digest, size}));
}

enum class Length { kShort, kLong };

std::string Der(char tag, absl::string_view content,
                Length length = Length::kShort) {
  return absl::StrCat(
      std::string(1, tag), length == Length::kLong ? "\x81" : "",
      std::string(1, static_cast<char>(content.size())), content);
}

std::string Oid(const EVP_MD* hash) {
  if (hash == EVP_sha1()) return Der(6, "\x2b\x0e\x03\x02\x1a");
  const char last = hash == EVP_sha256()   ? '\1'
                    : hash == EVP_sha384() ? '\2'
                                           : '\3';
  return Der(6, absl::StrCat("\x60\x86\x48\x01\x65\x03\x04\x02",
                             std::string(1, last)));
}

// A DigestInfo (RFC 8017 section 9.2), two in three of them right.
std::string DigestInfo(const EVP_MD* hash, absl::string_view message,
                       std::mt19937_64& random) {
  const std::string null = Der(5, "");
  const std::string right = Der(0x30, Oid(hash) + null);
  const std::string digest = Der(4, Hash(hash, message));
  const EVP_MD* other = AnotherHash(hash, random);
  switch (random() % 30) {
    case 0:
      return Der(0x30, Der(0x30, Oid(hash)) + digest);
    case 1:
      return Der(0x30, Der(0x30, Oid(other) + null) + digest);
    case 2:
      return Der(0x30, right + Der(4, Hash(other, message)));
    case 3:
      return Der(0x30,
                 Der(0x30, Oid(other) + null) + Der(4, Hash(other, message)));
    case 4:
      return Der(0x30, right + digest, Length::kLong);
    case 5:
      return Der(0x30, Der(0x30, Oid(hash) + null, Length::kLong) + digest);
    case 6:
      return Der(0x30, right + Der(4, Hash(hash, message), Length::kLong));
    case 7:
      return Der(0x30, right + digest) + RandomText(1 + random() % 9, random);
    case 8:
      return Der(0x30, right + digest + RandomText(1 + random() % 9, random));
    case 9:
      return Hash(hash, message);
    default:
      return Der(0x30, right + digest);
  }
}

// MGF1 (RFC 8017 section B.2.1).
std::string Mask(const EVP_MD* hash, absl::string_view seed, size_t size) {
  std::string mask;
  for (char counter = 0; mask.size() < size; ++counter) {
    mask += Hash(hash, absl::StrCat(seed, std::string(3, '\0'),
                                    std::string(1, counter)));
  }
  mask.resize(size);
  return mask;
}

// How an encoding of PSS is made.
struct Pss {
  const EVP_MD* hash;
  const EVP_MD* mask_hash;
  size_t salt_size;
  char trailer = '\xbc';
  char separator = 1;
  char padding = 0;
  char bits_above = 0;
};

Pss MakePss(const EVP_MD* hash, std::mt19937_64& random) {
  const size_t size = EVP_MD_size(hash);
  Pss pss = {hash, hash, size};
  const EVP_MD* other = AnotherHash(hash, random);
  const size_t salts[] = {0, 1, size - 1, size + 1, 2 * size};
  switch (random() % 16) {
    case 0:
    case 1:
      pss.salt_size = salts[random() % 5];
      break;
    case 2:
      pss.trailer = random() % 2 == 0 ? '\xcc' : '\xbd';
      break;
    case 3:
      pss.separator = static_cast<char>(2 * random());
      break;
    case 4:
      pss.padding = static_cast<char>(1 << random() % 8);
      break;
    case 5:
      pss.bits_above = static_cast<char>(1 << random() % 8);
      break;
    case 6:
      pss = {other, other, static_cast<size_t>(EVP_MD_size(other))};
      break;
    case 7:
      pss.mask_hash = other;
      break;
    case 8:
      pss.hash = other;
      break;
    default:
      break;
  }
  return pss;
}

}  // namespace

std::string RandomText(size_t size, std::mt19937_64& random) {
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

std::string EncodePkcs1(size_t bits, const EVP_MD* hash,
                        absl::string_view message, std::mt19937_64& random) {
  const size_t size = (bits + 7) / 8;
  const std::string info = DigestInfo(hash, message, random);
  std::string padding(size - info.size() - 3, '\xff');
  std::string tail;
  char type = 1;
  char separator = 0;
  char first = 0;
  switch (random() % 24) {
    case 0:  // Short, and garbage to the end.
      tail = RandomText(padding.size() - random() % 16, random);
      padding.resize(padding.size() - tail.size());
      break;
    case 1:
      padding[random() % padding.size()] = static_cast<char>(random());
      break;
    case 2:
      type = static_cast<char>(random() % 3);
      break;
    case 3:
      separator = '\xff';
      break;
    case 4:
      first = static_cast<char>(random() % 3);
      break;
    case 5:  // The separator early.
      padding[random() % padding.size()] = 0;
      break;
    default:
      break;
  }
  return absl::StrCat(std::string(1, first), std::string(1, type), padding,
                      std::string(1, separator), info, tail);
}

std::string EncodePss(size_t bits, const EVP_MD* hash,
                      absl::string_view message, std::mt19937_64& random) {
  const Pss pss = MakePss(hash, random);
  const size_t size = (bits - 1 + 7) / 8;
  const std::string salt = RandomText(pss.salt_size, random);
  const std::string h =
      Hash(pss.hash,
           absl::StrCat(std::string(8, '\0'), Hash(pss.hash, message), salt));
  std::string block(size - h.size() - 1, '\0');
  const size_t separator = block.size() - salt.size() - 1;
  block.replace(separator + 1, salt.size(), salt);
  block[separator] = pss.separator;
  char& padding = block[random() % separator];
  padding = static_cast<char>(padding | pss.padding);
  const std::string mask = Mask(pss.mask_hash, h, block.size());
  for (size_t i = 0; i < block.size(); ++i) {
    block[i] = static_cast<char>(block[i] ^ mask[i]);
  }
  const size_t unused = 8 * size - (bits - 1);
  block[0] = static_cast<char>((block[0] & 0xff >> unused) | pss.bits_above);
  // A byte of zeros where the encoding is a byte shorter than the modulus.
  return absl::StrCat(std::string((bits + 7) / 8 - size, '\0'), block, h,
                      std::string(1, pss.trailer));
}

}  // namespace signet
