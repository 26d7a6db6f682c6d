#include "tests/mutations.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "jose/base64url.h"

namespace signet {
namespace {

constexpr absl::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

// One of the three parts, at random.
std::string& AnyPart(TokenParts& parts, SeededRandom& random) {
  std::string* const all[] = {&parts.header, &parts.payload, &parts.signature};
  return *all[random.Below(3)];
}

std::string FlipBit(std::string text, SeededRandom& random) {
  if (text.empty()) return text;
  char& byte = text[random.Below(text.size())];
  byte = static_cast<char>(byte ^ 1 << random.Below(8));
  return text;
}

std::string FlipCharacterBit(const MutationInput& in, SeededRandom& random) {
  return FlipBit(in.token, random);
}

std::string ReplaceCharacter(const MutationInput& in, SeededRandom& random) {
  std::string token = in.token;
  token[random.Below(token.size())] = kAlphabet[random.Below(64)];
  return token;
}

std::string Truncate(const MutationInput& in, SeededRandom& random) {
  return in.token.substr(0, random.Below(in.token.size()));
}

std::string TruncatePart(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = SplitParts(in.token);
  std::string& part = AnyPart(parts, random);
  part.resize(random.Below(part.size() + 1));
  return JoinParts(parts);
}

std::string InsertByte(const MutationInput& in, SeededRandom& random) {
  std::string token = in.token;
  const size_t place = random.Below(token.size() + 1);
  return token.insert(place, 1, random.Byte());
}

std::string InsertCharacter(const MutationInput& in, SeededRandom& random) {
  constexpr absl::string_view kTempting("AQg-_.=+/ \n\r\t\0%", 15);
  std::string token = in.token;
  const size_t place = random.Below(token.size() + 1);
  return token.insert(place, 1, kTempting[random.Below(kTempting.size())]);
}

std::string DeleteCharacters(const MutationInput& in, SeededRandom& random) {
  std::string token = in.token;
  return token.erase(random.Below(token.size()), 1 + random.Below(4));
}

std::string DuplicateRange(const MutationInput& in, SeededRandom& random) {
  const size_t start = random.Below(in.token.size());
  const std::string range = in.token.substr(start, 1 + random.Below(16));
  return std::string(in.token).insert(start, range);
}

std::string AddPadding(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = SplitParts(in.token);
  std::string& part = AnyPart(parts, random);
  // As base64 with padding would have it; one "=" too many otherwise.
  const size_t right = (4 - part.size() % 4) % 4;
  part.append(random.Below(2) == 0 && right != 0 ? right : 1, '=');
  return JoinParts(parts);
}

std::string SetSpareBits(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = SplitParts(in.token);
  std::string& part = AnyPart(parts, random);
  const size_t tail = part.size() % 4;
  if (tail < 2) return in.token;  // No bit is spare.
  const size_t spare = tail == 2 ? 16 : 4;
  const size_t value = kAlphabet.find(part.back());
  part.back() = kAlphabet[value + 1 + random.Below(spare - 1)];
  return JoinParts(parts);
}

std::string UseStandardAlphabet(const MutationInput& in, SeededRandom&) {
  return absl::StrReplaceAll(in.token, {{"-", "+"}, {"_", "/"}});
}

std::string PercentEncode(const MutationInput& in, SeededRandom&) {
  return absl::StrReplaceAll(in.token,
                             {{"-", "%2D"}, {"_", "%5F"}, {".", "%2E"}});
}

std::string ChangeCase(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = SplitParts(in.token);
  std::string& part = AnyPart(parts, random);
  part = random.Below(2) == 0 ? absl::AsciiStrToLower(part)
                              : absl::AsciiStrToUpper(part);
  return JoinParts(parts);
}

std::string ChangeDots(const MutationInput& in, SeededRandom& random) {
  const TokenParts p = SplitParts(in.token);
  switch (random.Below(8)) {
    case 0:
      return absl::StrCat(in.token, ".");
    case 1:
      return absl::StrCat(".", in.token);
    case 2:
      return absl::StrCat(p.header, "..", p.payload, ".", p.signature);
    case 3:
      return absl::StrCat(p.header, ".", p.payload);
    case 4:
      return absl::StrCat(p.header, p.payload, ".", p.signature);
    case 5:
      return absl::StrCat(p.header, ".", p.signature, ".", p.payload);
    case 6:
      return absl::StrCat(p.payload, ".", p.header, ".", p.signature);
    default:
      return absl::StrCat(in.token, ".", p.signature);
  }
}

std::string SurroundWithWhiteSpace(const MutationInput& in,
                                   SeededRandom& random) {
  constexpr absl::string_view kSpace(" \n\t\r\v\f\0", 7);
  const std::string space(1, kSpace[random.Below(kSpace.size())]);
  return random.Below(2) == 0 ? absl::StrCat(in.token, space)
                              : absl::StrCat(space, in.token);
}

// Moves a character over a dot: the decoded bytes, strung together, may stay
// the same.
std::string MoveDot(const MutationInput& in, SeededRandom& random) {
  TokenParts p = SplitParts(in.token);
  std::string& left = random.Below(2) == 0 ? p.header : p.payload;
  std::string& right = &left == &p.header ? p.payload : p.signature;
  const size_t count = 1 + random.Below(8);
  if (count > left.size() || count > right.size()) return in.token;
  if (random.Below(2) == 0) {
    right.insert(0, left.substr(left.size() - count));
    left.resize(left.size() - count);
  } else {
    left.append(right.substr(0, count));
    right.erase(0, count);
  }
  return JoinParts(p);
}

constexpr Mutation kTextMutations[] = {
    {"flip a bit of a character", FlipCharacterBit},
    {"replace a character by another of the alphabet", ReplaceCharacter},
    {"truncate", Truncate},
    {"truncate a part", TruncatePart},
    {"insert a byte", InsertByte},
    {"insert a tempting character", InsertCharacter},
    {"delete characters", DeleteCharacters},
    {"duplicate a range", DuplicateRange},
    {"add padding", AddPadding},
    {"set spare bits", SetSpareBits},
    {"use the standard alphabet", UseStandardAlphabet},
    {"percent-encode", PercentEncode},
    {"change case", ChangeCase},
    {"change dots", ChangeDots},
    {"surround with white space", SurroundWithWhiteSpace},
    {"move a dot", MoveDot},
};

}  // namespace

TokenParts SplitParts(absl::string_view compact) {
  const size_t first = compact.find('.');
  const size_t second = compact.find('.', first + 1);
  return {std::string(compact.substr(0, first)),
          std::string(compact.substr(first + 1, second - first - 1)),
          std::string(compact.substr(second + 1))};
}

std::string JoinParts(const TokenParts& parts) {
  return absl::StrCat(parts.header, ".", parts.payload, ".", parts.signature);
}

TokenParts DecodeParts(absl::string_view compact) {
  const TokenParts parts = SplitParts(compact);
  return {*Base64UrlDecode(parts.header), *Base64UrlDecode(parts.payload),
          *Base64UrlDecode(parts.signature)};
}

std::string EncodeParts(const TokenParts& decoded) {
  return JoinParts({Base64UrlEncode(decoded.header),
                    Base64UrlEncode(decoded.payload),
                    Base64UrlEncode(decoded.signature)});
}

absl::Span<const Mutation> TextMutations() { return kTextMutations; }

}  // namespace signet
