#include "jose/unverified_jwt.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "jose/base64url.h"
#include "jose/json.h"
#include "tests/allocations.h"
#include "tests/answer.h"

namespace signet {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

constexpr absl::string_view kHeader =
    R"({"alg":"ES256","kid":"a key of more than fifteen bytes","typ":"at+jwt"})";
constexpr absl::string_view kClaims =
    R"({"iss":"https://a.example","sub":"s","aud":["x","y"],"exp":1800000000.5,)"
    R"("scope":"read write","big":18446744073709551615,"deep":{"a":[1,-2,"z"]}})";

std::string Token(absl::string_view claims) {
  return absl::StrCat(Base64UrlEncode(kHeader), ".", Base64UrlEncode(claims),
                      ".", Base64UrlEncode("signature"));
}

UnverifiedJwt Parse(const std::string& compact) {
  RejectionOr<UnverifiedJwt> jwt = UnverifiedJwt::Parse(compact);
  EXPECT_TRUE(jwt.ok()) << AnswerOf(jwt);
  return *std::move(jwt);
}

void ExpectContent(const UnverifiedJwt& jwt) {
  EXPECT_EQ(jwt.header().algorithm, Algorithm::kEs256);
  EXPECT_EQ(jwt.header().key_id, "a key of more than fifteen bytes");
  EXPECT_EQ(jwt.header().type, "at+jwt");
  const RegisteredClaims& claims = jwt.claims().registered();
  EXPECT_EQ(claims.issuer, "https://a.example");
  EXPECT_THAT(claims.audiences, Optional(ElementsAre("x", "y")));
  EXPECT_EQ(claims.expiration, absl::FromUnixMillis(1'800'000'000'500));
  EXPECT_EQ(claims.nonce, std::nullopt);
  EXPECT_EQ(ToJson(*jwt.claims().Find("deep")), R"({"a":[1,-2,"z"]})");
  EXPECT_EQ(ToJson(*jwt.claims().Find("big")), "18446744073709551615");
}

// Memory of one block, which expects to get it back once.
class OneBlock final : public JwtMemory {
 public:
  ~OneBlock() { EXPECT_EQ(taken_back_, lent_); }

  void* Lend(size_t size) {
    lent_ = true;
    // Exactly as large as asked for, so that a sanitizer sees what is beyond.
    block_ = std::make_unique<char[]>(size);
    return block_.get();
  }
  void TakeBack(void* memory) override {
    EXPECT_EQ(memory, block_.get());
    EXPECT_FALSE(taken_back_);
    taken_back_ = true;
    block_.reset();
  }
  bool taken_back() const { return taken_back_; }

 private:
  std::unique_ptr<char[]> block_;
  bool lent_ = false;
  bool taken_back_ = false;
};

TEST(UnverifiedJwtTest, KeepsNoViewOfTheToken) {
  std::string compact = Token(kClaims);
  const UnverifiedJwt jwt = Parse(compact);
  compact.assign(compact.size(), '!');
  ExpectContent(jwt);
  EXPECT_EQ(jwt.signature(), "signature");
}

TEST(UnverifiedJwtTest, CopiesShareTheContentUntilTheLastIsGone) {
  auto first = std::make_unique<UnverifiedJwt>(Parse(Token(kClaims)));
  UnverifiedJwt second = *first;
  EXPECT_EQ(&second.claims(), &first->claims());
  first.reset();
  // Were the memory free, this would take it.
  const UnverifiedJwt other = Parse(Token(R"({"iss":"other"})"));
  ExpectContent(second);
  const UnverifiedJwt third = std::move(second);
  ExpectContent(third);
  EXPECT_EQ(other.claims().registered().issuer, "other");
}

TEST(UnverifiedJwtTest, ForgetsTheTokenBeforeInTheSameMemory) {
  { const UnverifiedJwt jwt = Parse(Token(kClaims)); }
  const UnverifiedJwt jwt = Parse(Token(R"({"sub":"other"})"));
  EXPECT_EQ(jwt.claims().registered().issuer, std::nullopt);
  EXPECT_EQ(jwt.claims().registered().audiences.has_value(), false);
  EXPECT_EQ(jwt.claims().registered().subject, "other");
  EXPECT_FALSE(jwt.claims().Find("deep"));
}

TEST(UnverifiedJwtTest, ParsesAndSharesWithoutAllocatingInTheLongRun) {
  const std::string compact = Token(kClaims);
  const auto parse_two = [&] {
    const UnverifiedJwt one = Parse(compact);
    const std::array<UnverifiedJwt, 2> shared = {one, one};
    const UnverifiedJwt another = Parse(compact);
  };
  parse_two();
  const size_t before = BytesAllocatedByThisThread();
  for (int i = 0; i < 100; ++i) parse_two();
  EXPECT_EQ(BytesAllocatedByThisThread(), before);
}

TEST(UnverifiedJwtTest, MayBeDroppedByAnotherThread) {
  for (int i = 0; i < 100; ++i) {
    UnverifiedJwt jwt = Parse(Token(kClaims));
    std::thread([shared = jwt] { ExpectContent(shared); }).join();
    std::thread([moved = std::move(jwt)] { ExpectContent(moved); }).join();
  }
}

// Whether the thread's next token counts its handles rightly.
bool IsNextTokenSound(const std::string& compact, const std::string& other) {
  const UnverifiedJwt jwt = Parse(compact);
  std::optional<UnverifiedJwt> copy = jwt;
  copy.reset();
  const UnverifiedJwt next = Parse(other);
  return &jwt.claims() != &next.claims();
}

TEST(UnverifiedJwtTest, IsSoundInMemoryThatTwoThreadsDroppedAtOnce) {
  constexpr int kRounds = 2000;
  const std::string compact = Token(kClaims);
  const std::string other_compact = Token(R"({"iss":"other"})");
  std::vector<UnverifiedJwt> firsts;
  firsts.reserve(kRounds);
  for (int i = 0; i < kRounds; ++i) firsts.push_back(Parse(compact));
  std::vector<UnverifiedJwt> seconds = firsts;
  std::atomic<int> arrived{0};
  const auto drop = [&](std::vector<UnverifiedJwt> handles) {
    for (int round = 1; !handles.empty(); ++round) {
      // Both drop at the same moment, if there are processors for both.
      arrived.fetch_add(1);
      for (int spins = 0; arrived.load() < 2 * round; ++spins) {
        if (spins > 10000) std::this_thread::yield();
      }
      handles.pop_back();
      EXPECT_TRUE(IsNextTokenSound(compact, other_compact));
    }
  };
  std::thread second(drop, std::move(seconds));
  drop(std::move(firsts));
  second.join();
}

TEST(UnverifiedJwtTest, IsCopiedToGivenMemoryAndGivesItBack) {
  OneBlock block;
  {
    auto original = std::make_unique<UnverifiedJwt>(Parse(Token(kClaims)));
    const size_t size = original->CopySize();
    const UnverifiedJwt copy = original->CopyInto(block.Lend(size), block);
    original.reset();
    const UnverifiedJwt other = Parse(Token(R"({"iss":"other"})"));
    ExpectContent(copy);
    EXPECT_EQ(copy.signature(), "");
    std::optional<UnverifiedJwt> shared = copy;
    shared.reset();
    EXPECT_FALSE(block.taken_back());
  }
  EXPECT_TRUE(block.taken_back());
}

TEST(UnverifiedJwtTest, IsCopiedWhateverIsInIt) {
  for (const absl::string_view claims :
       {R"({})", R"({"a":[]})", R"({"a":1})", R"({"a":""})", R"({"":null})",
        R"({"n":-1.5e300,"s":"x"})", R"({"s":"x","n":2483027968})",
        R"({"s":"\u0000\ud83d\ude00","l":[[],[{"x":[true,false]}]]})"}) {
    OneBlock block;
    const UnverifiedJwt jwt = Parse(Token(claims));
    const UnverifiedJwt copy = jwt.CopyInto(block.Lend(jwt.CopySize()), block);
    EXPECT_EQ(simdjson::minify(copy.claims().members()),
              simdjson::minify(jwt.claims().members()))
        << claims;
  }
}

}  // namespace
}  // namespace signet
