#ifndef SIGNET_FETCH_CACHE_LIFETIME_H_
#define SIGNET_FETCH_CACHE_LIFETIME_H_

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace signet {

// CacheHeaders are the header fields that say how long a response may be used;
// empty where it has none. Of several of a name, Cache-Control is all of them,
// with commas in between, and the others are the first.
struct CacheHeaders {
  std::string cache_control;
  std::string expires;
  std::string date;
  std::string age;
};

// kLongestLifetime is as long as a response is taken to be of use, whatever it
// says.
inline constexpr absl::Duration kLongestLifetime = absl::Hours(24 * 365);

// CacheLifetime returns for how long after `received` a private cache may use a
// response without asking again (RFC 9111 section 4.2): max-age, or else
// Expires, less the Age that it had. From zero to kLongestLifetime; zero if it
// may not be stored, or says something that cannot be understood; nullopt if it
// says nothing.
std::optional<absl::Duration> CacheLifetime(const CacheHeaders& headers,
                                            absl::Time received);

}  // namespace signet

#endif  // SIGNET_FETCH_CACHE_LIFETIME_H_
