#include "jose/base64url.h"

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

constexpr absl::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

TEST(Base64UrlTest, EncodesWithoutPadding) {
  // RFC 4648 section 10, less the padding; RFC 7515 appendix C.
  struct Case {
    absl::string_view bytes;
    absl::string_view encoded;
  };
  constexpr Case kCases[] = {
      {"", ""},
      {"f", "Zg"},
      {"fo", "Zm8"},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg"},
      {"fooba", "Zm9vYmE"},
      {"foobar", "Zm9vYmFy"},
      {"\x03\xEC\xFF\xE0\xC1", "A-z_4ME"},
  };
  for (const Case& c : kCases) {
    EXPECT_EQ(Base64UrlEncode(c.bytes), std::string(c.encoded));
    EXPECT_EQ(Base64UrlDecode(c.encoded), std::string(c.bytes));
  }
}

// Counts the strings of `length` characters of the alphabet that decode, and
// expects each to be what its bytes encode to.
int CountThatDecode(std::string& text, size_t length) {
  if (text.size() == length) {
    const std::optional<std::string> bytes = Base64UrlDecode(text);
    if (!bytes) return 0;
    EXPECT_EQ(Base64UrlEncode(*bytes), text);
    return 1;
  }
  int count = 0;
  for (const char c : kAlphabet) {
    text.push_back(c);
    count += CountThatDecode(text, length);
    text.pop_back();
  }
  return count;
}

TEST(Base64UrlTest, HasOneEncodingForEveryTail) {
  // As many strings decode as there are byte strings of that length.
  std::string text;
  EXPECT_EQ(CountThatDecode(text, 1), 0);
  EXPECT_EQ(CountThatDecode(text, 2), 256);
  EXPECT_EQ(CountThatDecode(text, 3), 65536);
  text = "Zm9v";
  EXPECT_EQ(CountThatDecode(text, 4 + 1), 0);
  EXPECT_EQ(CountThatDecode(text, 4 + 2), 256);
  EXPECT_EQ(CountThatDecode(text, 4 + 3), 65536);
}

TEST(Base64UrlTest, HasOneEncodingForEveryThreeBytes) {
  for (uint32_t value = 0; value < 1 << 24; ++value) {
    const char bytes[] = {static_cast<char>(value >> 16),
                          static_cast<char>(value >> 8),
                          static_cast<char>(value)};
    const std::string encoded = Base64UrlEncode({bytes, 3});
    const char expected[] = {kAlphabet[value >> 18],
                             kAlphabet[value >> 12 & 63],
                             kAlphabet[value >> 6 & 63], kAlphabet[value & 63]};
    if (encoded != std::string(expected, 4) ||
        Base64UrlDecode(encoded) != std::string(bytes, 3)) {
      FAIL() << "bytes " << value << " encoded as " << encoded;
    }
  }
}

TEST(Base64UrlTest, RefusesEveryByteThatIsNotInTheAlphabet) {
  for (int value = 0; value < 256; ++value) {
    const char byte = static_cast<char>(value);
    if (value != 0 && kAlphabet.find(byte) != absl::string_view::npos) continue;
    // In each place of a whole group, and of each tail.
    for (const absl::string_view valid : {"AAAA", "AA", "AAA", "AAAAAA"}) {
      for (size_t place = 0; place < valid.size(); ++place) {
        std::string text(valid);
        text[place] = byte;
        EXPECT_EQ(Base64UrlDecode(text), std::nullopt)
            << "byte " << value << " at " << place;
      }
    }
  }
}

TEST(Base64UrlTest, RefusesEveryByteThatIsNotInTheAlphabetInLongTextsToo) {
  // Longer than what is decoded at once, and of all characters.
  const std::string valid = absl::StrCat(kAlphabet, kAlphabet, "AAAA");
  ASSERT_TRUE(Base64UrlDecode(valid));
  for (int value = 0; value < 256; ++value) {
    const char byte = static_cast<char>(value);
    const bool is_in_alphabet =
        value != 0 && kAlphabet.find(byte) != absl::string_view::npos;
    for (size_t place = 0; place < valid.size(); ++place) {
      std::string text = valid;
      text[place] = byte;
      EXPECT_EQ(Base64UrlDecode(text).has_value(), is_in_alphabet)
          << "byte " << value << " at " << place;
    }
  }
}

TEST(Base64UrlTest, WritesNoFurtherThanTheDecodedSize) {
  for (size_t size = 0; size < 200; ++size) {
    const std::string encoded = Base64UrlEncode(std::string(size, 'x'));
    ASSERT_EQ(Base64UrlDecodedSize(encoded.size()), size);
    std::string memory(size + 1, '!');
    EXPECT_TRUE(Base64UrlDecodeTo(encoded, memory.data()));
    EXPECT_EQ(memory, std::string(size, 'x') + "!");
  }
}

TEST(Base64UrlTest, RefusesPaddingAndSpareBits) {
  for (const absl::string_view text :
       {"Zg==", "Zg=", "Zm8=", "Zm9v=", "=", "==", "Zh", "Zv", "Zm9", "Zm_",
        "AB", "AAB", "Zm9vY", "Z"}) {
    EXPECT_EQ(Base64UrlDecode(text), std::nullopt) << std::string(text);
  }
}

TEST(Base64UrlTest, DecodesWhatItEncodes) {
  std::mt19937 random(7515);
  for (int i = 0; i < 20000; ++i) {
    std::string bytes(random() % 200, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)), bytes);
  }
}

}  // namespace
}  // namespace signet
