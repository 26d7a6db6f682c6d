#ifndef SIGNET_SERVICE_ACCESS_CALLER_H_
#define SIGNET_SERVICE_ACCESS_CALLER_H_

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace signet {

// Caller is who makes a call, as far as that has been shown and found good.
class Caller {
 public:
  enum class Kind {
    kAnonymous,     // Has shown nothing.
    kSpiffe,        // The SPIFFE ID of a certificate.
    kDns,           // The DNS name of a certificate.
    kToken,         // The holder of a bearer token.
    kUser,          // A user of this machine, at a Unix socket.
    kUnidentified,  // Has shown a certificate or token that names nobody.
  };

  static Caller Anonymous() { return {Kind::kAnonymous, "anonymous"}; }
  static Caller Unidentified() { return {Kind::kUnidentified, "unidentified"}; }

  // OfCertificate returns the caller that the alternative names of a valid
  // certificate name: the SPIFFE ID that is its only URI; or, if it has no URI,
  // the DNS name that is its only one, without wildcards. Whatever else it has
  // names nobody: then the caller is unidentified, and never less than that.
  static Caller OfCertificate(absl::Span<const absl::string_view> uris,
                              absl::Span<const absl::string_view> dns_names);

  // OfToken returns the holder of a token that was verified; what the token
  // does not say is empty.
  static Caller OfToken(absl::string_view issuer, absl::string_view subject,
                        absl::string_view client_id);

  // OfUser returns the user of this machine with this number.
  static Caller OfUser(uint32_t uid);

  Kind kind() const { return kind_; }

  // name tells callers apart, and is what people read: "spiffe://a.example/b",
  // "dns:b.example", "token:[...]" with issuer, subject and client_id as JSON
  // strings, "uid:1000". No two callers of any kind have the same.
  const std::string& name() const { return name_; }

  // issuer, subject and client_id are what the token of a kToken says.
  const std::string& issuer() const { return issuer_; }
  const std::string& subject() const { return subject_; }
  const std::string& client_id() const { return client_id_; }

 private:
  Caller(Kind kind, std::string name) : kind_(kind), name_(std::move(name)) {}

  Kind kind_;
  std::string name_;
  std::string issuer_;
  std::string subject_;
  std::string client_id_;
};

// DnsCallerName, UserCallerName and TokenCallerName are the names of callers of
// these kinds.
std::string DnsCallerName(absl::string_view dns_name);
std::string UserCallerName(uint32_t uid);
std::string TokenCallerName(absl::string_view issuer, absl::string_view subject,
                            absl::string_view client_id);

}  // namespace signet

#endif  // SIGNET_SERVICE_ACCESS_CALLER_H_
