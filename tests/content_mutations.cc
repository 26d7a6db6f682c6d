#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "jose/algorithm.h"
#include "keys/digest.h"
#include "keys/jwk.h"
#include "openssl/bytestring.h"
#include "openssl/evp.h"
#include "openssl/hmac.h"
#include "openssl/mem.h"
#include "tests/mutations.h"

namespace signet {
namespace {

std::string* AnyPart(TokenParts& parts, SeededRandom& random) {
  std::string* const all[] = {&parts.header, &parts.payload, &parts.signature};
  return all[random.Below(3)];
}

std::string FlipDecodedBit(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = DecodeParts(in.token);
  std::string& part = *AnyPart(parts, random);
  if (part.empty()) return in.token;
  char& byte = part[random.Below(part.size())];
  byte = static_cast<char>(byte ^ 1 << random.Below(8));
  return EncodeParts(parts);
}

std::string TruncateDecoded(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = DecodeParts(in.token);
  std::string& part = *AnyPart(parts, random);
  part.resize(random.Below(part.size() + 1));
  return EncodeParts(parts);
}

std::string LengthenDecoded(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = DecodeParts(in.token);
  std::string& part = *AnyPart(parts, random);
  const std::string extra(1 + random.Below(3),
                          random.Below(2) == 0 ? '\0' : random.Byte());
  part.insert(random.Below(2) == 0 ? 0 : part.size(), extra);
  return EncodeParts(parts);
}

std::string SwapHeader(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = SplitParts(in.token);
  parts.header = SplitParts(random.OneOf(in.others)).header;
  return JoinParts(parts);
}

std::string SwapPayload(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = SplitParts(in.token);
  parts.payload = SplitParts(random.OneOf(in.others)).payload;
  return JoinParts(parts);
}

std::string SwapSignature(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = SplitParts(in.token);
  parts.signature = SplitParts(random.OneOf(in.others)).signature;
  return JoinParts(parts);
}

// White space outside of strings does not change what JSON means.
std::string AddJsonWhiteSpace(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = DecodeParts(in.token);
  std::string& json = random.Below(2) == 0 ? parts.header : parts.payload;
  constexpr absl::string_view kSpace = " \n\t\r";
  const std::string space(1, kSpace[random.Below(kSpace.size())]);
  json = random.Below(2) == 0
             ? absl::StrCat(space, json)
             : absl::StrReplaceAll(json, {{"\":", "\":" + space}});
  return EncodeParts(parts);
}

// Puts `member` before or behind the others of a JSON object.
std::string AddMember(absl::string_view json, absl::string_view member,
                      SeededRandom& random) {
  const absl::string_view inside = json.substr(1, json.size() - 2);
  return random.Below(2) == 0 ? absl::StrCat("{", member, ",", inside, "}")
                              : absl::StrCat("{", inside, ",", member, "}");
}

std::string EditClaims(const MutationInput& in, SeededRandom& random) {
  // The first four also occur in the token, and so twice from then on.
  static constexpr absl::string_view kClaims[] = {R"("sub":"admin")",
                                                  R"("exp":253402300799)",
                                                  R"("iss":"https://evil")",
                                                  R"("aud":["everyone"])",
                                                  R"("scope":"admin")",
                                                  R"("admin":true)",
                                                  R"("nbf":0)",
                                                  R"("act":{"sub":"admin"})"};
  TokenParts parts = DecodeParts(in.token);
  parts.payload = AddMember(parts.payload,
                            random.OneOf(absl::MakeConstSpan(kClaims)), random);
  return EncodeParts(parts);
}

std::string ReplaceClaimValue(const MutationInput& in, SeededRandom& random) {
  TokenParts parts = DecodeParts(in.token);
  const std::pair<absl::string_view, absl::string_view> replacements[] = {
      {"alice", "admin"},           {"1800000600", "1900000000"},
      {"\"sub\"", "\"sbu\""},       {"\"exp\"", "\"xpe\""},
      {"\"sub\"", R"("s\u0075b")"}, {"alice", "\\u0061lice"}};
  parts.payload = absl::StrReplaceAll(
      parts.payload, {replacements[random.Below(std::size(replacements))]});
  return EncodeParts(parts);
}

std::string EditHeader(const MutationInput& in, SeededRandom& random) {
  static constexpr absl::string_view kParameters[] = {
      R"("crit":["exp"])",
      R"("b64":false)",
      R"("zip":"DEF")",
      R"("enc":"A128GCM")",
      R"("typ":"JWT")",
      R"("typ":"at+jwt")",
      R"("jku":"https://evil/keys")",
      R"("x5u":"https://evil/cert")",
      R"("x5c":["AAAA"])",
      R"("jwk":{"kty":"oct","k":"AAAA"})",
      R"("kid":"other")",
      R"("alg":"none")",
      R"("cty":"JWT")"};
  TokenParts parts = DecodeParts(in.token);
  parts.header = AddMember(
      parts.header, random.OneOf(absl::MakeConstSpan(kParameters)), random);
  return EncodeParts(parts);
}

std::string ReplaceAlgorithm(const MutationInput& in, SeededRandom& random) {
  static constexpr absl::string_view kOthers[] = {
      "none", "None", "NONE", "nOnE", "", "HS1", "RS1", "ES256K", "Ed448"};
  const size_t choice =
      random.Below(kAllAlgorithms.size() + std::size(kOthers));
  const absl::string_view name = choice < kAllAlgorithms.size()
                                     ? AlgorithmName(kAllAlgorithms[choice])
                                     : kOthers[choice - kAllAlgorithms.size()];
  TokenParts parts = DecodeParts(in.token);
  const absl::string_view own = AlgorithmName(in.key.algorithm());
  // The kid stays, or changes along.
  parts.header = random.Below(2) == 0
                     ? absl::StrReplaceAll(parts.header, {{own, name}})
                     : absl::StrReplaceAll(parts.header,
                                           {{absl::StrCat("\"", own, "\""),
                                             absl::StrCat("\"", name, "\"")}});
  if (random.Below(4) == 0) parts.signature.clear();
  return EncodeParts(parts);
}

// The bytes of a public key, in a form that somebody may have: SPKI, or JWK.
std::string PublicBytes(const SigningKey& key, SeededRandom& random) {
  if (random.Below(2) == 0) {
    return ToPublicJwk(key.verification_key()).value_or("");
  }
  bssl::UniquePtr<EVP_PKEY> wrapped(EVP_PKEY_new());
  const PublicMaterial& material = key.verification_key().material();
  if (const auto* rsa = std::get_if<bssl::UniquePtr<RSA>>(&material)) {
    EVP_PKEY_set1_RSA(wrapped.get(), rsa->get());
  } else if (const auto* ec = std::get_if<bssl::UniquePtr<EC_KEY>>(&material)) {
    EVP_PKEY_set1_EC_KEY(wrapped.get(), ec->get());
  } else if (const auto* point = std::get_if<Ed25519PublicKey>(&material)) {
    return std::string(AsText(point->bytes));
  } else {
    return "";
  }
  bssl::ScopedCBB spki;
  CBB_init(spki.get(), 512);
  EVP_marshal_public_key(spki.get(), wrapped.get());
  return std::string(AsText({CBB_data(spki.get()), CBB_len(spki.get())}));
}

// The classic: the public key as the secret of an HMAC (RFC 8725 section 2.1).
std::string SignWithPublicKeyAsSecret(const MutationInput& in,
                                      SeededRandom& random) {
  if (!IsAsymmetric(in.key.algorithm())) return in.token;
  constexpr Algorithm kHmacs[] = {Algorithm::kHs256, Algorithm::kHs384,
                                  Algorithm::kHs512};
  const Algorithm algorithm = kHmacs[random.Below(3)];
  TokenParts parts = DecodeParts(in.token);
  parts.header = absl::StrReplaceAll(
      parts.header,
      {{absl::StrCat("\"", AlgorithmName(in.key.algorithm()), "\""),
        absl::StrCat("\"", AlgorithmName(algorithm), "\"")}});
  const std::string secret = PublicBytes(in.key, random);
  const TokenParts encoded = SplitParts(EncodeParts(parts));
  const std::string input = absl::StrCat(encoded.header, ".", encoded.payload);
  uint8_t mac[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  HMAC(HashOf(algorithm), secret.data(), secret.size(), AsBytes(input).data(),
       input.size(), mac, &size);
  parts.signature = std::string(AsText({mac, size}));
  return EncodeParts(parts);
}

constexpr Mutation kContentMutations[] = {
    {"flip a bit of what a part decodes to", FlipDecodedBit},
    {"truncate what a part decodes to", TruncateDecoded},
    {"lengthen what a part decodes to", LengthenDecoded},
    {"swap the header with another token's", SwapHeader},
    {"swap the payload with another token's", SwapPayload},
    {"swap the signature with another token's", SwapSignature},
    {"add white space to JSON", AddJsonWhiteSpace},
    {"add a claim", EditClaims},
    {"replace a claim", ReplaceClaimValue},
    {"add a header parameter", EditHeader},
    {"replace the algorithm", ReplaceAlgorithm},
    {"sign with the public key as an HMAC secret", SignWithPublicKeyAsSecret},
};

}  // namespace

absl::Span<const Mutation> ContentMutations() { return kContentMutations; }

}  // namespace signet
