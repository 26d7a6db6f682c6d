#include "fetch/cache_lifetime.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "absl/strings/str_cat.h"

namespace signet {
namespace {

constexpr char kDate[] = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr char kTenMinutesLater[] = "Sun, 06 Nov 1994 08:59:37 GMT";

struct Case {
  CacheHeaders headers;
  std::optional<absl::Duration> lifetime;
};

void Expect(const Case& c) {
  // Five minutes after kDate.
  const absl::Time received = absl::FromUnixSeconds(784111777 + 300);
  EXPECT_EQ(CacheLifetime(c.headers, received), c.lifetime)
      << absl::StrCat(c.headers.cache_control, "|", c.headers.expires, "|",
                      c.headers.date, "|", c.headers.age);
}

TEST(CacheLifetimeTest, IsWhatCacheControlSays) {
  const Case cases[] = {
      {{}, std::nullopt},
      {{.cache_control = "public"}, std::nullopt},
      {{.cache_control = "public, must-revalidate"}, std::nullopt},
      {{.cache_control = "max-age=600"}, absl::Seconds(600)},
      {{.cache_control = "Public, MAX-AGE=600 ,immutable"}, absl::Seconds(600)},
      {{.cache_control = "max-age=\"600\""}, absl::Seconds(600)},
      {{.cache_control = "max-age=0"}, absl::ZeroDuration()},
      // For caches that others share, and for those beyond their time.
      {{.cache_control = "s-maxage=5, max-age=600"}, absl::Seconds(600)},
      {{.cache_control = "s-maxage=600"}, std::nullopt},
      {{.cache_control = "stale-while-revalidate=600"}, std::nullopt},
      {{.cache_control = "no-store"}, absl::ZeroDuration()},
      {{.cache_control = "max-age=600, no-store"}, absl::ZeroDuration()},
      {{.cache_control = "no-cache, max-age=600"}, absl::ZeroDuration()},
      {{.cache_control = "no-cache=\"set-cookie\", max-age=600"},
       absl::ZeroDuration()},
      {{.cache_control = "private=\"max-age=5, no-store\", max-age=600"},
       absl::Seconds(600)},
      {{.cache_control = R"(a="\", no-store", max-age=600)"},
       absl::Seconds(600)},
      {{.cache_control = "a=\"never ends, max-age=600"}, std::nullopt},
      {{.cache_control = ",, ,max-age=600,"}, absl::Seconds(600)},
      {{.cache_control = "max-age=600, max-age=60"}, absl::Seconds(60)},
      {{.cache_control = "max-agent=5"}, std::nullopt},
      {{.cache_control = "xmax-age=5"}, std::nullopt},
      // What cannot be understood is taken for stale.
      {{.cache_control = "max-age"}, absl::ZeroDuration()},
      {{.cache_control = "max-age="}, absl::ZeroDuration()},
      {{.cache_control = "max-age=-5"}, absl::ZeroDuration()},
      {{.cache_control = "max-age=1e3"}, absl::ZeroDuration()},
      {{.cache_control = "max-age=ten"}, absl::ZeroDuration()},
      {{.cache_control = "max-age=600, max-age=ten"}, absl::ZeroDuration()},
  };
  for (const Case& c : cases) Expect(c);
}

TEST(CacheLifetimeTest, IsBounded) {
  for (const char* seconds :
       {"31536000", "31536001", "2147483648", "9223372036854775807",
        "18446744073709551616", "99999999999999999999999999999999"}) {
    Expect({{.cache_control = absl::StrCat("max-age=", seconds)},
            kLongestLifetime});
  }
  Expect({{.expires = "Fri, 31 Dec 9999 23:59:59 GMT", .date = kDate},
          kLongestLifetime});
}

TEST(CacheLifetimeTest, IsTheTimeUntilExpires) {
  const Case cases[] = {
      {{.expires = kTenMinutesLater, .date = kDate}, absl::Minutes(10)},
      {{.expires = kTenMinutesLater}, absl::Minutes(5)},
      {{.expires = kTenMinutesLater, .date = "yesterday"}, absl::Minutes(5)},
      {{.expires = kDate, .date = kTenMinutesLater}, absl::ZeroDuration()},
      {{.expires = kDate}, absl::ZeroDuration()},
      {{.expires = "Sunday, 06-Nov-94 08:59:37 GMT", .date = kDate},
       absl::Minutes(10)},
      {{.expires = "Sun Nov  6 08:59:37 1994", .date = kDate},
       absl::Minutes(10)},
      {{.expires = "0"}, absl::ZeroDuration()},
      {{.expires = "-1"}, absl::ZeroDuration()},
      {{.expires = "infinite-future"}, absl::ZeroDuration()},
      {{.cache_control = "public", .expires = kTenMinutesLater, .date = kDate},
       absl::Minutes(10)},
      {{.cache_control = "max-age=60",
        .expires = kTenMinutesLater,
        .date = kDate},
       absl::Seconds(60)},
      {{.cache_control = "no-cache",
        .expires = kTenMinutesLater,
        .date = kDate},
       absl::ZeroDuration()},
  };
  for (const Case& c : cases) Expect(c);
}

TEST(CacheLifetimeTest, CountsTheTimeThatHasPassed) {
  const Case cases[] = {
      {{.cache_control = "max-age=600", .age = "100"}, absl::Seconds(500)},
      {{.cache_control = "max-age=600", .age = "600"}, absl::ZeroDuration()},
      {{.cache_control = "max-age=600", .age = "99999999999999999999"},
       absl::ZeroDuration()},
      {{.cache_control = "max-age=600", .age = "-100"}, absl::Seconds(600)},
      {{.cache_control = "max-age=600", .age = "old"}, absl::Seconds(600)},
      {{.expires = kTenMinutesLater, .date = kDate, .age = "60"},
       absl::Minutes(9)},
      {{.age = "60"}, std::nullopt},
  };
  for (const Case& c : cases) Expect(c);
}

}  // namespace
}  // namespace signet
