#include "keys/ed25519_point.h"

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace signet {
namespace {

constexpr char kLowOrder[] = "Ed25519 key is a point of low order";
constexpr char kNotCanonical[] = "Ed25519 key is not canonically encoded";
constexpr char kNotOnCurve[] = "Ed25519 key is not on the curve";

std::array<uint8_t, 32> FromHex(absl::string_view hex) {
  const std::string bytes = absl::HexStringToBytes(hex);
  EXPECT_EQ(bytes.size(), 32U) << std::string(hex);
  std::array<uint8_t, 32> encoded = {};
  std::copy(bytes.begin(), bytes.end(), encoded.begin());
  return encoded;
}

std::string Problem(const std::array<uint8_t, 32>& encoded) {
  return std::string(CheckEd25519Point(encoded).message());
}

// 32 bytes, little-endian: `low`, then 30 of `middle`, then `high`.
std::string Hex(absl::string_view low, absl::string_view middle,
                absl::string_view high) {
  std::string hex(low);
  for (int i = 0; i < 30; ++i) absl::StrAppend(&hex, middle);
  return absl::StrCat(hex, high);
}

TEST(Ed25519PointTest, RefusesAllPointsOfLowOrder) {
  const std::pair<const char*, std::string> points[] = {
      {"order 1", Hex("01", "00", "00")},
      {"order 2", Hex("ec", "ff", "7f")},
      {"order 4", Hex("00", "00", "00")},
      {"order 4, the other", Hex("00", "00", "80")},
      {"order 8",
       "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"},
      {"order 8, the second",
       "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85"},
      {"order 8, the third",
       "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"},
      {"order 8, the fourth",
       "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"},
      // With the sign of an x that is zero.
      {"order 1, minus zero", Hex("01", "00", "80")},
      {"order 2, minus zero", Hex("ec", "ff", "ff")},
  };
  for (const auto& [name, hex] : points) {
    EXPECT_EQ(Problem(FromHex(hex)), kLowOrder) << name;
  }
}

TEST(Ed25519PointTest, RefusesEveryEncodingThatIsNotReduced) {
  // y from p to 2^255 - 1, with either sign.
  for (int low = 0xed; low <= 0xff; ++low) {
    for (const char* high : {"7f", "ff"}) {
      const std::string hex = Hex(absl::StrCat(absl::Hex(low)), "ff", high);
      EXPECT_EQ(Problem(FromHex(hex)), kNotCanonical) << hex;
    }
  }
}

TEST(Ed25519PointTest, RefusesWhatIsNotOnTheCurve) {
  // y = 2 gives an x^2 that is no square; so do about half of all y.
  EXPECT_EQ(Problem(FromHex(Hex("02", "00", "00"))), kNotOnCurve);
  int on_curve = 0;
  for (int y = 2; y < 202; ++y) {
    std::array<uint8_t, 32> encoded = {};
    encoded[0] = static_cast<uint8_t>(y);
    const std::string problem = Problem(encoded);
    EXPECT_TRUE(problem.empty() || problem == kNotOnCurve) << y << problem;
    on_curve += problem.empty() ? 1 : 0;
    // The sign of x changes nothing about that.
    encoded[31] = 0x80;
    EXPECT_EQ(Problem(encoded), problem) << y;
  }
  EXPECT_GT(on_curve, 70);
  EXPECT_LT(on_curve, 130);
}

TEST(Ed25519PointTest, AcceptsKeys) {
  for (const char* hex : {
           // The base point, which has the order of the group.
           "5866666666666666666666666666666666666666666666666666666666666666",
           // RFC 8032 section 7.1, tests 1 to 3.
           "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
           "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
           "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
           // Of mixed order, 8 times the group's: no small subgroup holds it.
           "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
       }) {
    EXPECT_EQ(Problem(FromHex(hex)), "") << hex;
  }
}

}  // namespace
}  // namespace signet
